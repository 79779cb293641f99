"""Filters of the Networks pages."""

from typing import ClassVar

from django import forms

from networks.queries import network_choices
from planning.forms.filters import FilterForm
from planning.queries import choices

THRESHOLDS = [("50", "50%"), ("80", "80%"), ("90", "90%"), ("95", "95%")]


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


def one_service() -> forms.MultipleChoiceField:
    """The service that a page is about, which its address names."""
    return forms.MultipleChoiceField(
        label="Service",
        choices=choices.service_choices,
        required=True,
        widget=forms.MultipleHiddenInput(),
        error_messages={"invalid_choice": "Service: “%(value)s” is not on the list", "required": "Choose a service"},
    )


def share_of_flow() -> forms.ChoiceField:
    """The share of the flow that a footprint makes up."""
    return forms.ChoiceField(
        label="Share of the flow",
        choices=THRESHOLDS,
        required=False,
        error_messages={"invalid_choice": "Share of the flow: “%(value)s” is not on the list"},
    )


class FootprintsForm(NetworksForm):
    """Filters of the footprint finder."""

    uses: ClassVar[tuple[str, ...]] = ("year", "programme_of_care", "measure", "unit", "level", "geography", "threshold")
    further: ClassVar[tuple[str, ...]] = ("unit", "geography")
    defaults: ClassVar[dict[str, str]] = {**NetworksForm.defaults, "threshold": "90"}

    threshold = share_of_flow()


class ServiceFootprintForm(FootprintsForm):
    """Filters of one service's footprint, which its page sets."""

    uses: ClassVar[tuple[str, ...]] = ("year", "measure", "unit", "level", "geography", "threshold", "service")

    service = one_service()
