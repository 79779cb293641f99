from django.urls import path

from programme import views

app_name = "programme"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("services/", views.services, name="services"),
    path("services/<slug:code>/", views.service, name="service"),
    path("providers/", views.providers, name="providers"),
    path("providers/<slug:code>/", views.provider, name="provider"),
]
