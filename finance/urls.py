from django.urls import path

from finance.views.affordability import affordability
from finance.views.allocation import allocation
from finance.views.monitoring import shadow_monitoring

app_name = "finance"
urlpatterns = [
    path("allocation/", allocation, name="allocation"),
    path("allocation/monitoring/", shadow_monitoring, name="shadow_monitoring"),
    path("affordability/", affordability, name="affordability"),
]
