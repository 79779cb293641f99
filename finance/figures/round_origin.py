"""Where a round came from: the policy option that it was started from, and what it says otherwise by now."""

from typing import Any

from finance.forms.round_from_option import answers_of_option
from finance.forms.rounds import RoundDetailsForm, answers_of
from finance.queries import policies as saved
from presentation.wording import listed

# What an option carries into a round; its name and note are the round's own from the start.
CARRIED = ("baseline_year", "first_year", "years", "method", "need_per_unit", "leave_out_programme", "leave_out_system")
CARRIED += ("quantum", "growth", "floor", "cap", "knots")
# What only weighs in a round of the full chain.
OF_CHAIN = {"need_per_unit"}


def origin_of(found: Any, user: Any) -> dict[str, str] | None:
    """The option by name and owner, its address where this reader may open it, and what the round says otherwise."""
    kept = found.parameters.get("option")
    if not kept:
        return None
    option = next(iter(saved.options_by_number([str(kept["number"])])), None)
    readable = saved.options_in(user, [str(kept["number"])])
    changed = [RoundDetailsForm.base_fields[name].label for name in _otherwise(found, option)] if option else []
    return {
        "name": kept["name"],
        "owner": kept["owner"],
        "address": saved.address_of(readable[0]) if readable else "",
        "changed": listed([f"{label[0].lower()}{label[1:]}" for label in changed]) if changed else "",
    }


def _otherwise(found: Any, option: Any) -> list[str]:
    told, said = answers_of(found), answers_of_option(option)
    names = [name for name in CARRIED if found.method == "chain" or name not in OF_CHAIN]
    return [name for name in names if name in said and _plain(told[name]) != _plain(said[name])]


def _plain(value: Any) -> Any:
    return value if isinstance(value, list) else str(value or "").replace("\u2212", "-")
