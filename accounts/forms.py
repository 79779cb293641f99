"""Forms of accounts: signing in, a new password, the filters of the audit trail, and people as administrators add them."""

from django import forms
from django.contrib.auth import forms as auth_forms

from presentation.forms import DatePartsField

from .models import User
from .queries import audited_actions


class SignInForm(auth_forms.AuthenticationForm):
    username = forms.CharField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={"required": "Enter your email address"},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )
    error_messages = {
        "invalid_login": "The email address or the password is not right. Check both and try again",
        "inactive": "The email address or the password is not right. Check both and try again",
    }

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()

    def clean(self):
        """Says beside the email address what is wrong, so that the summary has somewhere to lead to."""
        try:
            return super().clean()
        except forms.ValidationError as wrong:
            self.add_error("username", wrong)
            return self.cleaned_data


class PasswordForm(auth_forms.PasswordChangeForm):
    """A new password. What makes a good one is said by the rules in settings."""

    error_messages = {
        "password_mismatch": "The two new passwords are not the same",
        "password_incorrect": "Your present password is not right",
    }

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["old_password"].label = "Your present password"
        self.fields["new_password1"].label = "New password"
        self.fields["new_password1"].help_text = (
            "At least 12 characters, not only numbers, not a common password, and not like your name or email address. "
            "Three words that do not belong together make a good one."
        )
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""
        for name, what in (
            ("old_password", "your present password"),
            ("new_password1", "a new password"),
            ("new_password2", "the new password again"),
        ):
            self.fields[name].error_messages["required"] = f"Enter {what}"
            self.fields[name].widget.attrs.pop("autofocus", None)


class AuditFilterForm(forms.Form):
    person = forms.CharField(required=False, max_length=100, label="Person", help_text="Part of a name or an email address")
    action = forms.ChoiceField(required=False, label="What was done")
    since = DatePartsField(required=False, label="From", help_text="For example, 1 4 2026")
    until = DatePartsField(required=False, label="To", help_text="For example, 31 3 2027")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["action"].choices = lambda: [("", "Anything"), *((a, a.capitalize()) for a in audited_actions())]

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "The last day must be the same as or after the first day")
        return cleaned


class PersonForm(auth_forms.UserChangeForm):
    """A person as administrators see one. Email addresses are kept in lower case, so that there is one of each."""

    class Meta:
        model = User
        fields = ["email", "password", "name", "is_active"]
        field_classes: dict[str, type] = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class NewPersonForm(auth_forms.AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]
        field_classes: dict[str, type] = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()
