"""The Flows page."""

from accounts.pages import page, reader_of
from planning.figures.flows import FLOW_MATRIX, FLOW_MEASURES, FLOW_MEASURES_ACTIVITY, FLOW_TOP, FLOWS, flow_sentence
from planning.forms.filters import FlowFilterForm


def flow_dashboard(request):
    form = FlowFilterForm(request.GET, reader=reader_of(request))
    by_cost = request.GET.get("measure") == "cost"
    measures = FLOW_MEASURES if by_cost else FLOW_MEASURES_ACTIVITY
    return page(
        request,
        "planning/flow_dashboard.html",
        form=form,
        figures=[FLOWS, FLOW_MATRIX, measures, FLOW_TOP],
        sentence=flow_sentence,
    )
