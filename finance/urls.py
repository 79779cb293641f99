from django.urls import path

from finance.views.affordability import affordability
from finance.views.allocation import allocation

app_name = "finance"
urlpatterns = [
    path("allocation/", allocation, name="allocation"),
    path("affordability/", affordability, name="affordability"),
]
