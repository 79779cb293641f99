"""Need of areas from a model of what care costs: what follows from supply is held still, what follows from need is kept.

A model of use learns two things at once: that people who need more use more, and that people who live near much supply use
more. Only the first is a reason to give an area more, so supply is set to the same value, its mean, for everyone.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from planning.calculations.contract import floats, require_columns, require_known, require_unique

from .measure_names import CONSTANT


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


def _mean_of_people(values: pd.Series, people: pd.Series) -> float:
    weights = floats(people)
    if (weights < 0).any():
        raise ValueError("The frame of areas has a population below 0.")
    if not weights.sum() > 0:
        raise ValueError("The areas have no people to take a mean of.")
    return float((floats(values) * weights).sum() / weights.sum())
