"""The coefficients of a model of need as rows of a form: each measure that is loaded, what it is of, what a unit of it adds."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from finance.calculations.measure_names import NEED, SUPPLY
from presentation.amounts import plain
from presentation.forms import PastedNumberField

SIDES = [("", "Not used"), (NEED, "Need"), (SUPPLY, "Supply, held at its mean")]
MOST = Decimal(1_000_000)
PARTS = ("measure", "side", "change")
_BETWEEN = "must have a coefficient between \u2212£1,000,000 and £1,000,000"
CHANGE = PastedNumberField(
    unit="£",
    min_value=-MOST,
    max_value=MOST,
    decimal_places=8,
    error_messages={
        "required": "has no coefficient: enter the change in cost a head for one unit",
        "invalid": "must have a number for its coefficient, such as 3.5",
        "max_decimal_places": "must have a coefficient of no more than 8 decimal places",
        **dict.fromkeys(("min_value", "max_value"), _BETWEEN),
    },
)
Row = Mapping[str, str]
Coefficient = list[Any]


class CoefficientRows(forms.Widget):
    """A row for each measure: its name, whether it is of need or supply, and its coefficient. `measures` are (name, unit)."""

    template_name = "finance/coefficients.html"
    use_fieldset = True
    measures: Sequence[tuple[str, str]] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        listed = data.getlist if hasattr(data, "getlist") else (lambda key: data.get(key, []))
        columns = [listed(f"{name}_{part}") for part in PARTS]
        return [dict(zip(PARTS, (str(cell).strip() for cell in row), strict=True)) for row in zip(*columns, strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Measures that the form sent and that are loaded no more stand last, and say so."""
        sent = {row["measure"]: row for row in value or []}
        known = dict(self.measures)
        gone = [(measure, "") for measure in sent if measure not in known]
        rows = [
            {"measure": measure, "unit": unit, "gone": measure not in known, **_chosen(sent.get(measure, {}))}
            for measure, unit in [*self.measures, *gone]
        ]
        return {**super().get_context(name, value, attrs), "name": name, "rows": rows, "sides": SIDES}


def _chosen(row: Row) -> dict[str, str]:
    return {"side": row.get("side", ""), "change": row.get("change", "")}


class CoefficientsField(forms.Field):
    widget = CoefficientRows

    def __init__(self, **options: Any):
        super().__init__(required=False, **options)


def coefficients_field() -> CoefficientsField:
    return CoefficientsField(
        label="Coefficients of the model",
        help_text=(
            "For a model of need: what one unit of a measure adds to cost a head, in £. A measure of need counts as it is in "
            "each area; a measure of supply counts at the mean of all areas. Further measures come with official files."
        ),
    )


def constant_field() -> PastedNumberField:
    message = "Constant must be between \u2212£1,000,000 and £1,000,000"
    return PastedNumberField(
        unit="£",
        label="Constant: cost a head before any measure (£)",
        required=False,
        min_value=-MOST,
        max_value=MOST,
        decimal_places=6,
        help_text="For a model of need. 0 if it has none.",
        error_messages={
            "invalid": "Constant must be a number, such as 40",
            **dict.fromkeys(("min_value", "max_value"), message),
            "max_decimal_places": "Constant must have no more than 6 decimal places",
        },
    )


def coefficients_in(rows: Iterable[Row], known: Iterable[str]) -> tuple[list[Coefficient], list[str]]:
    """The coefficients that rows state as [measure, side, change], and what is wrong with them, each by its measure."""
    loaded, found, faults = set(known), {}, []
    for row in rows:
        if not row["side"] and not row["change"]:
            continue
        change, fault = _change(row)
        if not fault and row["measure"] not in loaded:
            fault = "is not loaded: load an official file of measures that has it, or select Not used and clear its coefficient"
        if not fault and row["measure"] in found:
            fault = "stands twice: give it one coefficient"
        if fault:
            faults.append(f"“{row['measure'][:100]}” {fault}")
        else:
            found[row["measure"]] = [row["measure"], row["side"], float(change)]
    if not faults and not any(side == NEED for _, side, _ in found.values()):
        faults.append("Give at least one measure of need a coefficient")
    return list(found.values()), faults


def _change(row: Row) -> tuple[Decimal, str]:
    """The coefficient of a row, or what is wrong with it."""
    if row["side"] not in {side for side, _ in SIDES}:
        return Decimal(0), "must be of need or of supply, or not used"
    if not row["side"]:
        return Decimal(0), "has a coefficient and is not used: select need or supply, or clear the coefficient"
    try:
        return CHANGE.clean(row["change"]), ""
    except forms.ValidationError as fault:
        return Decimal(0), fault.messages[0]


def model_in(constant: Decimal | None, coefficients: list[Coefficient]) -> dict[str, Any]:
    """A model of need as a round keeps it."""
    return {"constant": float(constant or 0), "coefficients": coefficients}


def model_said(model: Mapping[str, Any]) -> dict[str, Any]:
    """A model of need as the form shows it."""
    rows = [
        {"measure": measure, "side": side, "change": plain(Decimal(str(change)))}
        for measure, side, change in model.get("coefficients", [])
    ]
    constant = plain(Decimal(str(model["constant"]))) if "constant" in model else None
    return {"constant": constant, "coefficients": rows}
