"""The Overview."""

from accounts.pages import page, reader_of
from programme.figures import OVERVIEW, headline_cards, overview_sentence
from programme.forms import OverviewForm


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
