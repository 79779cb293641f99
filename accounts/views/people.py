"""Signing in and out, a person's own page and password, and the way into administration."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from accounts.actions import record
from accounts.forms import PasswordForm, SignInForm
from accounts.permissions import check_administer, user_can_administer, user_can_read_audit, user_can_see_figures
from accounts.queries import memberships_of


class SignIn(auth_views.LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        record(by=self.request.user, action="signed in")
        return response

    def get_default_redirect_url(self):
        """Whoever sees no figures does not begin on a page of them."""
        sees = user_can_see_figures(self.request.user)
        return super().get_default_redirect_url() if sees else resolve_url("accounts:your_account")


class SignOut(auth_views.LogoutView):
    def post(self, request, *args, **options):
        record(by=request.user, action="signed out")
        return super().post(request, *args, **options)


class ChangePassword(auth_views.PasswordChangeView):
    template_name = "accounts/change_password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("accounts:your_account")

    def form_valid(self, form):
        response = super().form_valid(form)
        record(by=self.request.user, action="changed password")
        messages.success(self.request, "Your password is changed. You are signed out everywhere else.")
        return response


@require_safe
def your_account(request: HttpRequest) -> HttpResponse:
    context = {
        "memberships": memberships_of(request.user),
        "reads_audit": user_can_read_audit(request.user),
        "administers": user_can_administer(request.user),
    }
    return render(request, "accounts/your_account.html", context)


@login_not_required
def administration_sign_in(request: HttpRequest) -> HttpResponse:
    """There is one door: whoever is signed in already and comes here may not enter."""
    if request.user.is_authenticated:
        check_administer(request.user)
        return redirect("admin:index")
    following = {"next": request.GET.get("next") or reverse("admin:index")}
    return redirect(f"{reverse('accounts:sign_in')}?{urlencode(following)}")
