from django.urls import path

from planning.views.flows import flow_dashboard

app_name = "planning"
urlpatterns = [
    path("flows/", flow_dashboard, name="flow_dashboard"),
]
