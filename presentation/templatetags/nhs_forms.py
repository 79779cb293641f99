"""What the templates of form fields ask about a field."""

from typing import Any

from django import forms, template

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
    return {"groups": groups, "folded": len(choices) > LONGEST_OPEN_LIST, "chosen": chosen, "count": len(choices)}


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
