"""Pages of flows: who is treated where, measures of it, and one flow."""

from accounts.pages import page, reader_of
from planning.figures.flow_measures import FOOTPRINTS, PROVIDERS, SERVICES, SYSTEMS, measures_sentence
from planning.figures.flow_pictures import drawn_as, figures_of, kept_in_form, picture_asked, ways_of_showing
from planning.figures.flow_sentences import flow_sentence
from planning.figures.nearest import nothing_selected
from planning.figures.one_flow import FLOW_PARTS, FLOW_SERVICES, FLOW_TREND, FLOW_YEARS, ends, one_flow_sentence
from planning.forms.flows import FlowFilterForm, FlowForm, MeasuresForm


def _what(request) -> str:
    """Which of the pair of measures a page shows: on cost, or on activity."""
    return "cost" if request.GET.get("measure") == "cost" else "activity"


def flow_dashboard(request):
    reader, picture = reader_of(request), picture_asked(request.GET)
    return page(
        request,
        "planning/flow_dashboard.html",
        form=FlowFilterForm(request.GET, reader=reader),
        figures=figures_of(picture, _what(request)),
        sentence=flow_sentence,
        written={
            "nothing": lambda results: nothing_selected(reader, results),
            "drawn": lambda results: drawn_as(picture, results),
        },
        shown_as=kept_in_form(picture),
        ways=ways_of_showing(request.GET, picture),
    )


def flow_measures(request):
    what = _what(request)
    return page(
        request,
        "planning/flow_measures.html",
        form=MeasuresForm(request.GET, reader=reader_of(request)),
        figures=[FOOTPRINTS[what], SYSTEMS[what], PROVIDERS[what], SERVICES[what]],
        sentence=measures_sentence,
    )


def flow(request):
    """One flow. The names of its ends are its heading."""
    return page(
        request,
        "planning/flow.html",
        form=FlowForm(request.GET, reader=reader_of(request)),
        figures=[FLOW_PARTS, FLOW_TREND, FLOW_YEARS, FLOW_SERVICES],
        sentence=one_flow_sentence,
        written={"ends": lambda results: ends(results["flow_parts"].filters)},
    )
