from django.urls import path

from networks import views

app_name = "networks"
urlpatterns = [
    path("networks/", views.networks, name="networks"),
    path("networks/footprints/", views.footprints, name="footprints"),
    path("networks/<slug:code>/", views.network, name="network"),
]
