"""Columns whose cells lead to a page of their own."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html

from .tables import TextColumn


class LinkedColumn(TextColumn):
    """Words that lead to the address in another column of the row; without one they are words alone.

    `also` names the column that tells links of the same words apart, for whoever hears them one by one.
    """

    def __init__(self, verbose_name: str | None = None, *, link: str, also: str | None = None, **options: Any):
        super().__init__(verbose_name, **options)
        self.link, self.also = link, also

    def render(self, value: Any, record: Mapping[str, Any], bound_column: Any) -> str:
        words = super().render(value, record, bound_column)
        if not (address := record.get(self.link)):
            return words
        also = format_html('<span class="nhsuk-u-visually-hidden"> to {}</span>', record[self.also]) if self.also else ""
        return format_html('<a href="{}">{}{}</a>', address, words, also)
