"""Filters of the Networks pages."""

from typing import ClassVar

from django import forms

from networks.queries import network_choices
from planning.forms.filters import FilterForm


class NetworksForm(FilterForm):
    """Filters of the page of all networks. Cost is the default: not all of their care is admitted."""

    uses: ClassVar[tuple[str, ...]] = ("year", "from_month", "to_month", "measure", "unit", "geography")
    further: ClassVar[tuple[str, ...]] = ("from_month", "to_month", "unit", "geography")
    defaults: ClassVar[dict[str, str]] = {**FilterForm.defaults, "measure": "cost"}


class NetworkForm(NetworksForm):
    """Filters of the page of one network."""

    uses: ClassVar[tuple[str, ...]] = (*NetworksForm.uses, "network")

    network = forms.ChoiceField(
        label="Network",
        choices=network_choices,
        required=True,
        widget=forms.HiddenInput(),
        error_messages={"invalid_choice": "Network: “%(value)s” is not on the list", "required": "Choose a network"},
    )
