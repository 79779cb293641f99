"""Forms in the NHS style: labels, hints, errors and controls as the design system has them, usable without JavaScript."""

import re
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

# Which control of the design system stands for a widget of Django, most particular first.
CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.SelectMultiple, "checkboxes"),
    (forms.SelectDateWidget, "plain"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.widgets.Input, "input"),
)
CLASSES = {
    "select": "nhsuk-select",
    "textarea": "nhsuk-textarea",
    "file": "nhsuk-file-upload__input",
    "input": "nhsuk-input",
}
# More choices than this stand behind a summary that says how many are chosen, and can be searched.
LONGEST_OPEN_LIST = 6


class NHSFormRenderer(TemplatesSetting):
    form_template_name = "presentation/form.html"
    field_template_name = "presentation/field.html"


class DateParts(forms.MultiWidget):
    """Day, month and year in boxes of their own, as the design system asks for dates."""

    template_name = "presentation/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__({"day": forms.TextInput, "month": forms.TextInput, "year": forms.TextInput}, attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        typed = [(v or "").strip() for v in super().value_from_datadict(data, files, name)]
        return "/".join(typed) if any(typed) else ""

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            return (value.split("/") + [""] * 3)[:3] if value else [None, None, None]
        return [value.day, value.month, value.year] if value else [None, None, None]


class DatePartsField(forms.DateField):
    """A date typed as three numbers."""

    widget = DateParts
    default_error_messages = {"invalid": "Enter a real date, for example 31 3 2026"}

    def __init__(self, **options: Any):
        super().__init__(input_formats=["%d/%m/%Y"], **options)


class PastedNumberField(forms.DecimalField):
    """A number as people paste it from a paper or a spreadsheet: "£1,200.50", "3.6%", "\u22125".

    It stands in a box of text: what a browser's own box of numbers cannot read it sends as nothing, which an optional field
    would take for no answer. `unit` is the sign that may stand with it (£, £m or %); another one is not a number of this field.
    """

    widget = forms.TextInput

    def __init__(self, *, unit: str = "", **options: Any):
        self.before, self.behind = unit[:1] if unit.startswith("£") else "", unit.lstrip("£")
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(self._bare(value) if isinstance(value, str) else value)

    def _bare(self, typed: str) -> str:
        """The number alone; what is not written as one is left as it is, so that it is refused."""
        sign, number = SIGNED.fullmatch(typed.strip().replace("\u2212", "-")).groups()
        number = number.strip().removeprefix(self.before).removesuffix(self.behind).strip()
        return sign + (re.sub(r"[,\s]", "", number) if GROUPED.fullmatch(number) else number)


SIGNED = re.compile(r"([-+]?)(.*)", re.DOTALL)
# Thousands stand apart by commas or blanks; 1,5 is no number of ours, and must not become 15.
GROUPED = re.compile(r"\d{1,3}((,\d{3})+|(\s\d{3})+)(\.\d*)?")


def control_of(field: forms.BoundField) -> str:
    """Which control of the design system draws this field."""
    widget = field.field.widget
    if isinstance(widget, DateParts):
        return "date"
    return next((control for kind, control in CONTROLS if isinstance(widget, kind)), "plain")


def describedby(field: forms.BoundField) -> str:
    """The ids of the hint and the error that stand with a field."""
    ids = [f"{field.auto_id}-hint"] if field.help_text else []
    return " ".join([*ids, f"{field.auto_id}-error"] if field.errors else ids)


def control_attributes(field: forms.BoundField) -> dict[str, str]:
    """Attributes of a single control: its class, its error state, what describes it."""
    control = control_of(field)
    stated = field.field.widget.attrs.get("class", "")
    base = CLASSES.get(control, "")
    error = f"{base}--error" if field.errors and base and control != "file" else ""
    return {
        "class": " ".join(c for c in (base, error, stated) if c),
        "aria-describedby": describedby(field) or False,
        # The design system says what is wrong itself, in words, when the form comes back.
        "aria-invalid": False,
        "required": False,
    }


def choice_groups(field: forms.BoundField) -> list[dict[str, Any]]:
    """The choices of a select or of a list of boxes: [{"name", "choices": [{"id", "value", "label", "chosen"}]}]."""
    chosen = field.value()
    values = {str(v) for v in (chosen if isinstance(chosen, list | tuple) else [chosen]) if v not in (None, "")}
    groups: list[dict[str, Any]] = [{"name": "", "choices": []}]
    number = 0
    for value, label in field.field.widget.choices:
        nested = label if isinstance(label, list | tuple) else None
        if nested is not None or groups[-1]["name"]:
            groups.append({"name": value if nested is not None else "", "choices": []})
        for one_value, one_label in nested if nested is not None else [(value, label)]:
            own_id = field.auto_id if number == 0 else f"{field.auto_id}-{number + 1}"
            chosen_here = str(one_value) in values or (one_value in (None, "") and not values)
            groups[-1]["choices"].append({"id": own_id, "value": one_value, "label": one_label, "chosen": chosen_here})
            number += 1
    return [group for group in groups if group["choices"]]
