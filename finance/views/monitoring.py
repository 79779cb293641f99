"""The page of shadow monitoring."""

from accounts.pages import page, reader_of
from finance.figures import shadow_monitoring as monitoring
from finance.forms import MonitoringForm


def shadow_monitoring(request):
    return page(
        request,
        "finance/shadow_monitoring.html",
        form=MonitoringForm(request.GET, reader=reader_of(request)),
        figures=[
            monitoring.SHADOW_MONITORING,
            monitoring.MONITORING_BY_PROVIDER,
            monitoring.MONITORING_BY_MONTH,
            monitoring.MONITORING_BY_PROGRAMME,
        ],
        sentence=monitoring.monitoring_sentence,
        written={"agree": monitoring.views_agree},
    )
