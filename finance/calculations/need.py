"""Need of areas from a model of what care costs: what follows from supply is held still, what follows from need is kept.

A model of use learns two things at once: that people who need more use more, and that people who live near much supply use
more. Only the first is a reason to give an area more, so supply is set to the same value, its mean, for everyone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from planning.calculations.contract import floats, require_columns, require_known, require_unique

from .measure_names import CONSTANT, SUPPLY


@dataclass(frozen=True)
class NeedModel:
    """A linear model of cost a head in pounds: what everybody costs, and (measure, side, change for one unit) of each measure.

    A side is `NEED` or `SUPPLY`: measures of supply are held at their mean.
    """

    constant: float = 0.0
    measures: tuple[tuple[str, str, float], ...] = ()

    @property
    def coefficients(self) -> dict[str, float]:
        """Measure, or the constant, → change in cost a head."""
        return {CONSTANT: self.constant, **{measure: change for measure, _, change in self.measures}}

    @property
    def supply(self) -> list[str]:
        """The measures that are held at their mean."""
        return [measure for measure, side, _ in self.measures if side == SUPPLY]


def supply_means(areas: pd.DataFrame, supply: Collection[str]) -> dict[str, float]:
    """The mean of each measure of supply over all the areas' people.

    Args:
        areas: `area` (unique), `population` (people, 0 or more) and a column for each measure of `supply`.
        supply: names of the measures, in their own units.

    Returns:
        Measure → mean, each area counting by its people.

    Raises:
        ValueError: a column is not there, an area stands twice, a number is missing, or there are no people to take a mean of.
    """
    require_columns(areas, ["area", "population", *supply], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, ["population", *supply], name="area", of="areas")
    return {measure: _mean_of_people(areas[measure], areas["population"]) for measure in supply}


def supply_neutral_need(areas: pd.DataFrame, coefficients: Mapping[str, float], *, supply: Collection[str]) -> pd.DataFrame:
    """What each area needs, and what it uses, by a linear model of cost a head.

    need = constant + the sum over measures of need of coefficient × value + the sum over measures of supply of coefficient ×
    mean value. use is the same with each area's own supply.

    Args:
        areas: `area` (unique), `population` (people, 0 or more) and a column for each coefficient other than the constant.
        coefficients: measure → change in cost a head for one unit of it (£); `const` is what everybody costs.
        supply: which of the measures are of supply; the others are of need.

    Returns:
        The areas' rows with `use` and `need` (£ a head), `use_index` and `need_index` (÷ the mean of all the areas' people).
        The mean of need equals the mean of use: holding supply still moves money between areas and makes none.

    Raises:
        ValueError: a column is not there, an area stands twice, a number is missing, a population is below 0, a measure of
            supply has no coefficient, or need comes out at 0 or below (it says where).

    Source: NHS England, prescribed specialised services needs-based allocations: supply variables are sterilised.
    """
    if unknown := [measure for measure in supply if measure not in coefficients]:
        raise ValueError(f"There is no coefficient for the measure of supply: {', '.join(unknown)}.")
    measures = [name for name in coefficients if name != CONSTANT]
    require_columns(areas, ["area", "population", *measures], of="areas")
    require_unique(areas, ["area"], of="areas")
    require_known(areas, ["population", *measures], name="area", of="areas")
    means = supply_means(areas, supply)
    use = need = pd.Series(float(coefficients.get(CONSTANT, 0.0)), index=areas.index)
    for measure in measures:
        part = float(coefficients[measure]) * floats(areas[measure])
        use = use + part
        need = need + (float(coefficients[measure]) * means[measure] if measure in means else part)
    if (need <= 0).any():
        raise ValueError(f"Need comes out at 0 or below for: {', '.join(areas.loc[need <= 0, 'area'])}.")
    people = areas["population"]
    indices = {"use_index": use / _mean_of_people(use, people), "need_index": need / _mean_of_people(need, people)}
    return areas.assign(use=use, need=need, **indices)


def need_of_model(people: pd.DataFrame, measures: pd.DataFrame, model: NeedModel) -> pd.DataFrame:
    """Need of areas by a model, from measures a row each.

    Args:
        people: `area` (unique), `population`.
        measures: `area`, `measure` (unique together), `value`; those that the model has not are passed over.
        model: its constant and coefficients.

    Returns:
        The rows of people with `use`, `need` (£ a head), `use_index`, `need_index`, as `supply_neutral_need`.

    Raises:
        ValueError: as `supply_neutral_need`; measures are named in quotation marks.
    """
    # Anything may be the name of a measure, that of a column as well.
    named = {measure: f"“{measure}”" for measure, _, _ in model.measures}
    areas = people.assign(**{column: _values_of(measure, measures, people["area"]) for measure, column in named.items()})
    coefficients = {named.get(measure, measure): change for measure, change in model.coefficients.items()}
    found = supply_neutral_need(areas, coefficients, supply=[named[measure] for measure in model.supply])
    return found.drop(columns=list(named.values()))


def need_terms(people: pd.DataFrame, measures: pd.DataFrame, model: NeedModel) -> pd.DataFrame:
    """What the constant and each measure add to the need and to the use of each area.

    Args:
        people: `area` (unique), `population`.
        measures: `area`, `measure` (unique together), `value`.
        model: its constant and coefficients.

    Returns:
        One row an area and term, the constant first: `area`, `measure`, `side`, `change`, `value` (1 of the constant), `mean` (of
        all the areas' people), `need_term` and `use_term` (£ a head; an area's add up to its need and its use).

    Raises:
        ValueError: the areas have no people to take a mean of, or a population is below 0.
    """
    frames = [_terms_of(people, CONSTANT, CONSTANT, model.constant, pd.Series(1.0, index=people.index))]
    for measure, side, change in model.measures:
        frames.append(_terms_of(people, measure, side, change, _values_of(measure, measures, people["area"])))
    return pd.concat(frames, ignore_index=True).sort_values("area", kind="stable", ignore_index=True)


def _values_of(measure: str, measures: pd.DataFrame, areas: pd.Series) -> pd.Series:
    return floats(areas.map(measures[measures["measure"] == measure].set_index("area")["value"]))


def _terms_of(people: pd.DataFrame, measure: str, side: str, change: float, values: pd.Series) -> pd.DataFrame:
    mean = _mean_of_people(values, people["population"])
    rows = people[["area"]].assign(measure=measure, side=side, change=float(change), value=values, mean=mean)
    return rows.assign(need_term=change * (mean if side == SUPPLY else values), use_term=change * values)


def _mean_of_people(values: pd.Series, people: pd.Series) -> float:
    weights = floats(people)
    if (weights < 0).any():
        raise ValueError("The frame of areas has a population below 0.")
    if not weights.sum() > 0:
        raise ValueError("The areas have no people to take a mean of.")
    return float((floats(values) * weights).sum() / weights.sum())
