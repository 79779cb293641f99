"""Residents in tables: people who live somewhere, counted or estimated, who are nobody's patients."""

from decimal import Decimal
from typing import Any

from . import amounts
from .chart import Measure
from .columns import FigureColumn


class PopulationColumn(FigureColumn):
    """Residents as whole people. What an estimate rests on is named by `count`, so that few patients hide it."""

    measure = Measure.POPULATION
    number_format = "#,##0"

    def text(self, value: Any) -> str:
        return amounts.whole(value, signed=self.signed)

    def exact(self, value: Any) -> Any:
        return int(amounts.half_up(Decimal(str(float(value)))))
