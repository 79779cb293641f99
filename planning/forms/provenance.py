"""Who answers for what is recorded, where it comes from, and what else is to be said of it: asked alike by every form."""

from django import forms


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
