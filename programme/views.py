"""The Overview, and the pages of services and providers."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.pages import filters_of, page, reader_of
from accounts.permissions import check_see_figures
from networks.queries import networks_of_provider, networks_planning
from programme.figures import OVERVIEW, PROVIDERS, SERVICES, headline_cards, overview_sentence
from programme.figures.one_provider import ONE_PROVIDER, provider_sentence, providers_sentence
from programme.figures.one_service import ONE_SERVICE, level_words, service_sentence, services_sentence
from programme.forms import OverviewForm, ProviderForm, ProvidersForm, ServiceForm, ServicesForm
from programme.queries import provider as provider_reads
from programme.queries import service as service_reads


def overview(request):
    form = OverviewForm(request.GET, reader=reader_of(request))
    return page(
        request,
        "programme/overview.html",
        form=form,
        figures=OVERVIEW,
        sentence=overview_sentence,
        written={"cards": headline_cards},
    )


def services(request):
    form = ServicesForm(request.GET, reader=reader_of(request))
    return page(request, "programme/services.html", form=form, figures=[SERVICES], sentence=services_sentence)


@require_safe
def service(request, code):
    found = service_reads.service_named(code)
    if found is None or found.code != code:
        return _elsewhere(request, "service", code, found, service_reads.services_like(code))
    form = ServiceForm(filters_of(request, {"service": code}), reader=reader_of(request))
    return page(
        request,
        "programme/service.html",
        form=form,
        figures=ONE_SERVICE,
        about=form.about,
        sentence=service_sentence,
        written={"level": level_words},
        service=found,
        facts=service_reads.service_facts(found),
        networks=networks_planning(code),
    )


def providers(request):
    form = ProvidersForm(request.GET, reader=reader_of(request))
    return page(request, "programme/providers.html", form=form, figures=[PROVIDERS], sentence=providers_sentence)


@require_safe
def provider(request, code):
    found = provider_reads.provider_named(code)
    if found is None or found.code != code:
        return _elsewhere(request, "provider", code, found, provider_reads.providers_like(code))
    form = ProviderForm(filters_of(request, {"provider": code}), reader=reader_of(request))
    loaded = code in provider_reads.loaded_providers(form.position)
    return page(
        request,
        "programme/provider.html",
        form=form,
        figures=ONE_PROVIDER if loaded else [],
        about=form.about,
        sentence=provider_sentence if loaded else None,
        loaded=loaded,
        provider=found,
        facts=provider_reads.provider_facts(found),
        market_forces=provider_reads.market_forces_words(code),
        networks=networks_of_provider(code),
    )


def _elsewhere(request, what, code, found, like):
    """The page of a code written otherwise; of an unknown one a search, and what is called so."""
    check_see_figures(request.user)
    if found is not None:
        address, asked = reverse(f"programme:{what}", args=[found.code]), request.GET.urlencode()
        return redirect(f"{address}?{asked}" if asked else address)
    context = {"what": what.capitalize(), "code": code, "like": like, "page": f"programme:{what}"}
    return render(request, "programme/not_found.html", {**context, "list_page": f"programme:{what}s"}, status=404)
