"""What a round begins with that is started from a saved policy option."""

from decimal import Decimal
from typing import Any

from finance import queries
from finance.forms.policies import PolicyForm
from finance.models import AllocationRound, PolicyOption
from planning.calculations.financial_years import following
from presentation.amounts import half_up, plain

MILLION = 1_000_000
WAYS = {"chain": AllocationRound.Method.CHAIN, "core": AllocationRound.Method.PUBLISHED}


def kept_of(option: PolicyOption) -> dict[str, Any]:
    """What a round keeps of where it came from."""
    return {"number": option.pk, "name": option.name, "owner": str(option.owner)}


def said_by(option: PolicyOption) -> dict[str, Any] | None:
    """What an option says, as the workbench reads it; None where it can no longer be read: a year or a system is gone."""
    form = PolicyForm({**option.settings, "position": str(option.position)}, page=False)
    return form.cleaned_data if form.is_valid() and form.cleaned_data["year"] else None


def answers_of_option(option: PolicyOption) -> dict[str, Any]:
    """What the form of a round shows that is started from an option: nothing where the option can no longer be read.

    The weight of need multiplies the rate of need of the option's year, as it does in the workbench.
    """
    said = said_by(option)
    if said is None:
        return {}
    rates = queries.rates_in_force("need", said["year"]).set_index("key")["value"]
    need = rates[queries.NEED_MEASURE] * said["need_weight"] / 100 if queries.NEED_MEASURE in rates.index else None
    return {
        "name": option.name,
        "note": option.note,
        "position": option.position,
        "baseline_year": said["year"],
        "first_year": following(said["year"]),
        "years": said["years"],
        "method": WAYS[said["way"]],
        "people": AllocationRound.People.RESIDENT,
        "need": AllocationRound.Need.MEASURE,
        "need_per_unit": None if need is None else plain(half_up(Decimal(need), "0.000001")),
        "quantum": None if said["quantum"] is None else plain(said["quantum"] * MILLION, 2),
        **{name: plain(said[name]) for name in ("growth", "floor", "cap")},
        "knots": said["knots"].replace("; ", "\n"),
        **{name: said[name] for name in ("leave_out_programme", "leave_out_system")},
    }
