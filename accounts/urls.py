from django.urls import path

from .views import audit, figures, notices, people

app_name = "accounts"
urlpatterns = [
    path("sign-in/", people.SignIn.as_view(), name="sign_in"),
    path("sign-out/", people.SignOut.as_view(), name="sign_out"),
    path("your-account/", people.your_account, name="your_account"),
    path("your-account/password/", people.ChangePassword.as_view(), name="change_password"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("audit/", audit.audit_trail, name="audit_trail"),
    path("admin/login/", people.administration_sign_in, name="administration_sign_in"),
    path("figure/<slug:name>.svg", figures.figure_picture, name="figure_svg"),
    path("figure/<slug:name>.csv", figures.figure_file, {"extension": "csv"}, name="figure_csv"),
    path("figure/<slug:name>.xlsx", figures.figure_file, {"extension": "xlsx"}, name="figure_xlsx"),
    path("figure/<slug:name>.json", figures.figure_file, {"extension": "json"}, name="figure_json"),
]
