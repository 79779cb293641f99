"""The pages of catchment populations: of every provider, and of one."""

from django.http import Http404

from accounts.pages import page, reader_of
from accounts.permissions import user_can_load_public_files
from planning.figures.catchments import (
    CATCHMENT,
    CATCHMENT_AGES,
    CATCHMENT_AREAS,
    CATCHMENT_PROFILES,
    CATCHMENTS,
    catchment_sentence,
    catchments_sentence,
)
from planning.figures.public_shares import ALL_ADMISSIONS, ORIGIN_COMPARISON, ORIGIN_SHARES
from planning.forms.catchments import CatchmentForm, ProviderCatchmentForm
from planning.queries.catchments import editions_loaded
from planning.queries.choices import provider_names
from planning.queries.organisations import organisation_name


def catchments(request):
    return page(
        request,
        "planning/catchments.html",
        form=CatchmentForm(request.GET, reader=reader_of(request)),
        figures=[CATCHMENTS, CATCHMENT_PROFILES, CATCHMENT_AREAS, ALL_ADMISSIONS, ORIGIN_COMPARISON],
        sentence=catchments_sentence,
        written={"editions": lambda results: editions_loaded()},
        loads_public_files=user_can_load_public_files(request.user),
    )


def catchment(request, provider):
    if provider not in provider_names():
        raise Http404("There is no such provider.")
    data = request.GET.copy()
    data["catchment_of"] = provider
    return page(
        request,
        "planning/catchment.html",
        form=ProviderCatchmentForm(data, reader=reader_of(request)),
        figures=[CATCHMENT, CATCHMENT_AGES, ORIGIN_SHARES],
        sentence=catchment_sentence,
        provider=provider,
        provider_name=organisation_name(provider),
    )
