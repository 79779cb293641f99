"""What the templates of form fields ask about a field."""

from hashlib import sha256
from typing import Any

from django import forms, template
from django.core.cache import cache
from django.utils.safestring import mark_safe

from presentation.forms import LONGEST_OPEN_LIST, choice_groups, control_attributes, control_of, describedby

register = template.Library()


@register.filter
def control(field: forms.BoundField) -> str:
    return control_of(field)


@register.filter
def described_by(field: forms.BoundField) -> str:
    return describedby(field)


@register.simple_tag
def nhs_control(field: forms.BoundField) -> str:
    """The field's own widget with the classes of the design system."""
    return field.as_widget(attrs=control_attributes(field))


@register.simple_tag
def nhs_choices(field: forms.BoundField) -> dict[str, Any]:
    groups = choice_groups(field)
    choices = [choice for group in groups for choice in group["choices"]]
    chosen = sum(choice["chosen"] for choice in choices)
    # A filter of which nothing is chosen is of all; of what is left out, it is of none.
    none = getattr(field.field.widget, "none_chosen", "") or f"All {len(choices)}"
    # Of radio buttons one must be chosen, so they are never folded away.
    folded = len(choices) > LONGEST_OPEN_LIST and getattr(field.field.widget, "allow_multiple_selected", False)
    return {"groups": groups, "folded": folded, "chosen": chosen, "count": len(choices), "none": none}


@register.simple_tag
def filter_field(field: forms.BoundField) -> str:
    """A field of filters as a group. Hundreds of choices take longer to draw than the figures they choose, and are the same
    for the next reader, so each is kept by all that is in it."""
    choices = list(getattr(field.field, "choices", ()))
    drawn_from = (type(field.form).__qualname__, field.auto_id, field.html_name, field.label, field.help_text)
    told = repr((drawn_from, field.value(), list(field.errors), field.field.required, choices))
    key = f"filter-field-{sha256(told.encode()).hexdigest()}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = field.as_field_group()
        cache.set(key, kept, timeout=None)
    return mark_safe(kept)  # noqa: S308 - what the field's own template gave


@register.filter
def error_links(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every message of a form with the control it is about, for the error summary."""
    links = [{"target": "", "message": message} for message in form.non_field_errors()]
    for name, errors in form.errors.items():
        if name in form.fields:
            target = _first_control(form[name])
            links.extend({"target": target, "message": message} for message in errors)
    return links


def _first_control(field: forms.BoundField) -> str:
    return f"{field.auto_id}_0" if control_of(field) == "date" else field.auto_id
