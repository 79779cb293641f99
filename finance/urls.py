from django.urls import path

from finance import views

app_name = "finance"
urlpatterns = [
    path("allocation/", views.allocation, name="allocation"),
    path("affordability/", views.affordability, name="affordability"),
]
