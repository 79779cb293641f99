"""Who answers for what is recorded, where it comes from, and what else is to be said of it: asked alike by every form."""

from pathlib import PurePath

from django import forms
from django.conf import settings


def owner_field(**options) -> forms.CharField:
    messages = {"required": "Enter who owns it", "max_length": "The owner must be 120 characters or fewer"}
    return forms.CharField(label="Owner", max_length=120, error_messages=messages, **options)


def source_field(**options) -> forms.CharField:
    messages = {"required": "Enter where it comes from", "max_length": "The source must be 500 characters or fewer"}
    lines = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label="Source", max_length=500, widget=lines, error_messages=messages, **options)


def note_field() -> forms.CharField:
    messages = {"max_length": "The note must be 1,000 characters or fewer"}
    lines = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label="Note (optional)", required=False, max_length=1000, widget=lines, error_messages=messages)


class PublicFileField(forms.FileField):
    """A file that somebody published, of no more than such files are long."""

    def __init__(self, **options):
        messages = {"required": "Select a file", "missing": "Select a file", "empty": "The selected file is empty"}
        super().__init__(**{"error_messages": messages, **options})

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file.size > settings.PUBLIC_FILE_MAX_BYTES:
            raise forms.ValidationError(f"The selected file must be smaller than {settings.PUBLIC_FILE_MAX_BYTES // 1024**2}MB")
        return file


class TableFileField(forms.FileField):
    """A file of rows that somebody has filled in, of at most `most` megabytes; `what` it is, in words."""

    KINDS = (".csv", ".xlsx")

    def __init__(self, *, what: str, most: int, **options):
        self.most, asked = most, f"Select a {what}"
        messages = {"required": asked, "missing": asked, "empty": "The selected file is empty"}
        messages["invalid"] = "The selected file could not be uploaded. Try again"
        shown = {
            "help_text": "A CSV, or an Excel workbook (.xlsx) of one sheet.",
            "widget": forms.FileInput(attrs={"accept": ",".join(self.KINDS)}),
        }
        super().__init__(error_messages=messages, **shown, **options)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if PurePath(file.name.replace("\\", "/")).suffix.lower() not in self.KINDS:
            raise forms.ValidationError("The selected file must be a CSV or XLSX")
        if file.size > self.most * 1024**2:
            raise forms.ValidationError(f"The selected file must be smaller than {self.most}MB")
        return file


def edition_field(help_text: str) -> forms.CharField:
    messages = {"required": "Enter the edition", "max_length": "The edition must be 40 characters or fewer"}
    words = forms.TextInput(attrs={"class": "nhsuk-input--width-20"})
    return forms.CharField(label="Edition", help_text=help_text, max_length=40, widget=words, error_messages=messages)


def publisher_field() -> forms.CharField:
    messages = {"required": "Enter the source", "max_length": "The source must be 500 characters or fewer"}
    return forms.CharField(label="Source", help_text="Who published it, and where.", max_length=500, error_messages=messages)
