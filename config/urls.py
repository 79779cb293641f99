from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("programme.urls")),
    path("", include("planning.urls")),
    path("", include("finance.urls")),
    path("", include("networks.urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
]
