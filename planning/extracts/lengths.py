"""Texts that are longer than their layout allows: each column a warning, told by a bit of `too_long` in the lines."""

from collections.abc import Collection, Mapping

from .faults import WARNING, Rule
from .layouts import Column, layout_columns

# Columns whose cells are held against a list or a form, which says more than their length.
HELD_OTHERWISE = frozenset(
    (
        "month",
        "year",
        "created",
        "provider",
        "service_category",
        "service_code",
        "point_of_delivery",
        "practice",
        "treatment_function",
    )
)


def measured_columns(layout: str, fields: Collection[str]) -> tuple[Column, ...]:
    """Columns of a file whose texts are measured, in the order of their bits."""
    texts = (c for c in layout_columns(layout) if not (c.is_figure or c.identifying or c.concealed))
    return tuple(c for c in texts if c.max_length and c.field in fields and c.field not in HELD_OTHERWISE)


def too_long_sql(columns: Collection[Column], cells: Mapping[str, str]) -> str:
    """The bits of the texts that are too long; 0 for ordinary rows, which only the number of bytes is asked of."""
    if not columns:
        return "0::BIGINT"
    quick = " OR ".join(f"strlen({cells[c.field]}) > {c.max_length}" for c in columns)
    bits = " + ".join(
        f"CASE WHEN length(trim({cells[c.field]})) > {c.max_length} THEN {1 << i}::BIGINT ELSE 0 END"
        for i, c in enumerate(columns)
    )
    return f"CASE WHEN {quick} THEN {bits} ELSE 0 END"


def length_rules(columns: Collection[Column]) -> tuple[Rule, ...]:
    """The rule of each measured column, in the order of their bits."""
    return tuple(
        Rule(
            "text is too long",
            WARNING,
            c.field,
            "",
            f"The layout allows {c.max_length} characters here. The text is kept as it stands; shorten it in the next file.",
        )
        for c in columns
    )
