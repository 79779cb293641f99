"""Forms of the extract pages: a file to upload, what to list, and the reason for publishing or withdrawing."""

from pathlib import PurePath

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

from planning.extracts.layouts import LAYOUT_NAMES
from planning.models import ExtractState, Layout, ReportingPoint
from planning.queries.problems import problems_by_rule
from planning.queries.submissions import own_organisations, submitting_providers

# Macros of a workbook never run: its values are read like those of any other.
ENDINGS = (".csv", ".txt", ".xlsx", ".xlsm", ".zip", ".gz")


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Extract",
        help_text="A CSV file or an Excel workbook, or one of these in a zip file, of one provider and one financial year.",
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        max_length=5000,
        error_messages={
            "required": "Select an extract",
            "missing": "Select an extract",
            "empty": "The selected file is empty",
            "invalid": "The selected file could not be uploaded. Try again",
            "max_length": "The selected file has too long a name. Give it a shorter one and select it again",
        },
    )
    layout = forms.ChoiceField(
        label="What is it?",
        choices=list(LAYOUT_NAMES.items()),
        initial=Layout.ACM,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the extract is"},
    )
    reporting_point = forms.ChoiceField(
        label="Is it flex or freeze?",
        help_text="Flex can still change; freeze is what is settled.",
        choices=ReportingPoint.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select flex or freeze"},
    )
    organisation = forms.ChoiceField(label="Whose extract is it?", error_messages={"required": "Select whose extract it is"})
    illustrative = forms.BooleanField(
        required=False,
        label="It is illustrative",
        help_text="Tick this if the numbers are made up. Every page that shows them will say so.",
    )

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        own = own_organisations(user)
        if len(own) > 1:
            self.fields["organisation"].choices = own
        else:
            del self.fields["organisation"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if PurePath(file.name.replace("\\", "/")).suffix.lower() not in ENDINGS:
            raise forms.ValidationError("The selected file must be a CSV, TXT, XLSX, ZIP or GZ")
        if file.size > settings.EXTRACT_MAX_BYTES:
            raise forms.ValidationError(f"The selected file must be smaller than {_size(settings.EXTRACT_MAX_BYTES)}")
        return file


def _size(number: int) -> str:
    """2GB, as the design system writes sizes."""
    return filesizeformat(number).replace("\xa0", "").replace(".0", "")


class ExtractFilterForm(forms.Form):
    state = forms.ChoiceField(label="State", required=False)
    provider = forms.ChoiceField(label="Provider", required=False)

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        self.fields["state"].choices = [("", "Any state"), *ExtractState.choices]
        self.fields["provider"].choices = [("", "Any provider"), *submitting_providers(user)]


class ProblemFilterForm(forms.Form):
    problem = forms.ChoiceField(
        label="Problem", required=False, error_messages={"invalid_choice": "Select a problem of this file"}
    )

    def __init__(self, *args, extract, **options):
        super().__init__(*args, **options)
        groups = problems_by_rule(extract)
        self.fields["problem"].choices = [("", "Every problem"), *((group["key"], _said(group)) for group in groups)]


def _said(group: dict) -> str:
    where = f", {group['column']}" if group["column"] else ""
    return f"{group['rule'].capitalize()}{where} ({group['number']:,})"


def _reason(label: str, what: str, most: int, *, named: str = "The reason", large: bool = False, **options) -> forms.CharField:
    """A reason of a person's own; `what` is what they are asked to enter, in words."""
    widget = forms.Textarea(attrs={"rows": 3}) if large else forms.TextInput()
    messages = {"required": f"Enter {what}", "max_length": f"{named} must be {most} characters or fewer"}
    return forms.CharField(label=label, max_length=most, widget=widget, error_messages=messages, **options)


class PublishForm(forms.Form):
    """`comparison` is what the person is shown; what they confirm, and whether a large change needs a reason, follow from it."""

    reason = _reason(
        "Why are you publishing it?",
        "why you are publishing it",
        300,
        help_text="It stands beside the new position. For example: June flex submission, or correction of the April prices.",
    )
    large_reason = _reason(
        "Why is the change so large?", "why the change is so large", 180, named="The reason for a large change", large=True
    )
    confirmed = forms.BooleanField(
        label="I have read what would change and it is right",
        error_messages={"required": "Confirm that you have read what would change and that it is right"},
    )
    # The latest position when the page was made, and what was compared: what is confirmed is what the page showed.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    compared = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, comparison=None, **options):
        super().__init__(*args, **options)
        if comparison is not None:
            self.fields["confirmed"].label = comparison.confirmation
            self.fields["large_reason"].help_text = comparison.large
            # What was read is said anew with each page, whatever was sent before.
            self.initial |= {"seen": comparison.seen, "compared": comparison.compared}
        if comparison is None or not comparison.large:
            del self.fields["large_reason"]

    def said(self) -> str:
        """The reason of the position."""
        reason, large = self.cleaned_data["reason"], self.cleaned_data.get("large_reason")
        stop = "" if reason.endswith((".", "!", "?")) else "."
        return f"{reason}{stop} Large change: {large}" if large else reason


class WithdrawForm(forms.Form):
    reason = _reason("Why are you withdrawing it?", "why you are withdrawing it", 500, large=True)


class MarkForm(forms.Form):
    """How an extract is marked; a published one needs a reason, since everyone sees the change."""

    reporting_point = forms.ChoiceField(
        label="Is it flex or freeze?",
        help_text="Flex can still change; freeze is what is settled.",
        choices=ReportingPoint.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select flex or freeze"},
    )
    illustrative = forms.BooleanField(
        required=False,
        label="It is illustrative",
        help_text="Tick this if the numbers are made up. Every page that shows them will say so.",
    )
    reason = _reason("Why do you change it?", "why you change it", 400)

    def __init__(self, *args, published: bool, **options):
        super().__init__(*args, **options)
        if not published:
            del self.fields["reason"]
