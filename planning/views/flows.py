"""Pages of flows: who is treated where, measures of it, and one flow."""

from accounts.pages import page, reader_of
from planning.figures.flow_map import FLOW_MAP
from planning.figures.flow_measures import FLOW_MEASURES, FOOTPRINTS, PROVIDERS, SERVICES, SYSTEMS, measures_sentence
from planning.figures.flow_sentences import flow_sentence
from planning.figures.flows import FLOW_MATRIX, FLOW_TOP, FLOWS
from planning.figures.nearest import nothing_selected
from planning.figures.one_flow import FLOW_PARTS, FLOW_SERVICES, FLOW_TREND, FLOW_YEARS, ends, one_flow_sentence
from planning.forms.flows import FlowFilterForm, FlowForm, MeasuresForm


def _what(request) -> str:
    """Which of the pair of measures a page shows: on cost, or on activity."""
    return "cost" if request.GET.get("measure") == "cost" else "activity"


def flow_dashboard(request):
    reader = reader_of(request)
    return page(
        request,
        "planning/flow_dashboard.html",
        form=FlowFilterForm(request.GET, reader=reader),
        figures=[FLOWS, FLOW_MATRIX, FLOW_MEASURES[_what(request)], FLOW_TOP, FLOW_MAP],
        sentence=flow_sentence,
        written={"nothing": lambda results: nothing_selected(reader, results)},
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
