"""What a peer group is called, and who is in it."""

from typing import Any

from django import forms

from finance.models import PeerGroup
from finance.queries.peers import area_names

NOT_LISTED = {"invalid_choice": "Members: “%(value)s” is not on the list", "required": "Choose two members or more"}


class PeerGroupForm(forms.Form):
    """A group of systems, or of places. What it is of is in the address: a group never changes from one to the other."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="For example: Inner London boroughs.",
        error_messages={"required": "Enter a name", "max_length": "The name must be 80 characters or fewer"},
    )
    members = forms.MultipleChoiceField(label="Members", widget=forms.CheckboxSelectMultiple(), error_messages=NOT_LISTED)
    reason = forms.CharField(
        label="Why they are alike (optional)",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "The reason must be 300 characters or fewer"},
    )

    def __init__(self, data: Any = None, *, level: str, **options: Any):
        super().__init__(data, **options)
        self.fields["members"].label = PeerGroup.Level(level).label
        self.fields["members"].choices = sorted(area_names(level).items(), key=lambda pair: pair[1])

    def clean_members(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["members"]
        if len(chosen) < 2:
            raise forms.ValidationError(NOT_LISTED["required"])
        return chosen
