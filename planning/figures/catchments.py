"""Figures of catchment populations: how many residents look to each provider, who they are and where they live."""

import pandas as pd

from planning.calculations import catchment_sets
from planning.calculations.catchment_sets import OWN_AREA, CatchmentSet
from planning.charts import catchments as charts
from planning.figures.flows import position_stamp
from planning.forms.catchments import CatchmentForm, ProviderCatchmentForm
from planning.queries import catchments, choices, reference
from planning.queries.flows import points_of_delivery_in
from planning.queries.sources import sources_of
from planning.tables import catchments as tables
from presentation.amounts import percent
from presentation.disclosure import numeric
from presentation.figure import Figure, register
from presentation.shared_reads import shared
from presentation.wording import listed, listed_at_most, number_of

SOURCE = charts.SOURCE
ALL_NAME, ONE_NAME = "planning:catchments", "planning:catchment"
UPPER_LIMIT = (
    "An upper limit: residents of systems whose own trusts have not submitted are counted as if the loaded providers treated all "
    "of them."
)
ASKED = (*catchments.WHICH, "level", "geography", "reach")
NOBODY_ADMITTED = "No specialised spells are in what is chosen, so that no catchment follows."


def found_set(filters) -> CatchmentSet:
    """The catchments of every provider, once for all figures of a page."""
    return _found_set({name: filters[name] for name in ASKED if filters.get(name)})


@shared
def _found_set(asked) -> CatchmentSet:
    return catchment_sets.catchment_set(
        catchments.spells_by_area(asked),
        catchments.resident_pieces(asked),
        catchments.spells_by_age_and_sex(asked),
        by_place=asked.get("level") == "place",
    )


def own_areas(filters) -> set[str]:
    """Areas of the programme's own area, at the level chosen and in the systems of the year."""
    own = set(reference.own_systems())
    if filters.get("level") == "place":
        return choices.places_of(own)
    pieces = catchments.resident_pieces(filters)
    places = choices.places_of(own)
    return own | set(pieces.loc[pieces["place"].isin(places), "system"]) & set(reference.own_systems())


def area_names() -> dict[str, str]:
    return {**choices.home_names(), **choices.place_names()}


def read_catchments(reader, filters):
    found = found_set(filters)
    return {
        "found": found,
        "by_programme": catchments.spells_by_programme(filters),
        "providers": choices.provider_names(),
        "areas": area_names(),
        "own": own_areas(filters),
        "own_name": reference.own_footprint_name() or "the own area",
    }


def named(frame: pd.DataFrame, names, code: str, name: str) -> pd.DataFrame:
    words = [names.get(value, value) if isinstance(value, str) else "" for value in frame[code]]
    return frame.assign(**{name: pd.Series(words, index=frame.index, dtype=object)})


def every_catchment(read, filters):
    frame = catchment_sets.providers_table(read["found"])
    cautions = catchment_sets.cautions(frame, read["by_programme"])
    frame = frame.assign(elsewhere_share=None, caution=frame["provider"].map(cautions).astype(object))
    frame["elsewhere_share"] = _share(frame["elsewhere"], frame["spells"])
    return named(frame, read["providers"], "provider", "provider_name")


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    whole = numeric(whole)
    return numeric(part) / whole.where(whole > 0)


def every_area(read, filters):
    frame = catchment_sets.areas_table(read["found"])
    frame = named(named(frame, read["areas"], "area", "area_name"), read["providers"], "leader", "leader_name")
    return frame.assign(leader_share=_share(frame["leader_spells"], frame["spells"]))


def every_profile(read, filters):
    frame = catchment_sets.profiles_table(read["found"], read["own"])
    frame = frame[(frame["provider"] == OWN_AREA) | (frame["population"] > 0)].reset_index(drop=True)
    is_own = frame["provider"] == OWN_AREA
    own = frame.loc[is_own, "score"]
    spells = frame["provider"].map(read["found"].providers.set_index("provider")["spells"])
    names = {**read["providers"], OWN_AREA: f"Residents of {read['own_name']}"}
    return named(frame, names, "provider", "provider_name").assign(
        is_own=is_own,
        spells=spells.astype("Int64"),
        score_difference=(frame["score"] - own.iloc[0]).where(~is_own) if len(own) else None,
    )


def one_catchment(read, filters):
    frame = catchment_sets.places_table(read["found"], filters["catchment_of"])
    return named(frame, read["areas"], "area", "area_name").assign(share=_share(frame["spells"], frame["area_spells"]))


def one_by_age(read, filters):
    frame = catchment_sets.ages_table(read["found"], filters["catchment_of"], read["own"])
    spells = read["found"].providers.set_index("provider")["spells"].get(filters["catchment_of"])
    whole = pd.Series([spells] * len(frame), index=frame.index, dtype="Int64")
    return frame.assign(provider_spells=whole, own_name=read["own_name"])


def catchment_notes(frame, filters):
    if frame.empty or not (numeric(frame["spells"]).fillna(1) > 0).any():
        yield NOBODY_ADMITTED
        return
    yield method_words(frame)
    yield from place_notes(filters)
    if filters.get("reach") == catchments.ALL_AREAS:
        yield UPPER_LIMIT
    elif left_out := not_counted(filters):
        yield (
            f"Not counted: residents of {listed_at_most(left_out, 9)}. Their own trusts have not submitted, so that how many of "
            "them look to these providers is not known. “Areas counted” under “More filters” shows an upper limit."
        )
    yield "People from elsewhere, and those whose home is not known, are in no catchment; the table has their share."
    if few := list(frame.loc[frame["caution"] != catchment_sets.NO_CAUTION, "provider_name"]):
        yield (
            f"Handle with care: {listed_at_most(few, 6)}. A trust with fewer than 1,000 spells, or with nearly all its work in "
            "one programme of care, distorts every method that rests on flows."
        )
    yield (
        "With the 30% rule a resident may be in several catchments, or in none. Files for outside give populations to the "
        "nearest 100."
    )


def place_notes(filters):
    """How far places are known, where they are asked for."""
    if filters.get("level") != "place":
        return
    spells = catchments.spells_by_area(filters)
    placed = spells["area"].isin(set(choices.place_names()))
    share = float(numeric(spells.loc[placed, "admissions"]).sum() / max(numeric(spells["admissions"]).sum(), 1))
    if share < 0.0005:
        yield "No spell says in which place its patient lives: every place is shown at the average of its system."
    else:
        yield f"The place is known for {percent(share)} of the spells; the others are spread over the residents of their system."


def not_counted(filters) -> list[str]:
    """Names of the systems whose residents are in no catchment."""
    pieces = catchments.resident_pieces(filters)
    names = choices.system_names()
    return sorted(names.get(code, code) for code in pieces.loc[~pieces["is_counted"], "system"].unique())


def method_words(frame: pd.DataFrame) -> str:
    """By what the proportional method went, and for whom it could not."""
    by_age = list(frame.loc[frame["basis"] == catchment_sets.BY_AGE_AND_SEX, "provider_name"])
    if not by_age:
        return (
            "Proportional by all ages together: no patient-level extracts of these providers give age and sex for 80% of the "
            "spells."
        )
    if len(by_age) == len(frame):
        return "Proportional by age and sex, from minimised patient-level extracts of every provider."
    return (
        f"Proportional by age and sex for {listed_at_most(by_age, 4)}, whose patient-level extracts give them for 80% of the "
        "spells or more. The others have their all-age share of every age, and the rest is divided by age and sex."
    )


def area_notes(frame, filters):
    yield "Residents: ONS mid-year estimates of places, added up by system. Deprivation: IMD score, weighted by residents."
    if nobody := list(frame.loc[numeric(frame["unassigned"]).fillna(0) >= 0.5, "area_name"]):
        yield f"Without any spell in what is chosen: {listed_at_most(nobody, 6)}."


def profile_notes(frame, filters):
    yield "Of the proportional catchment. A higher IMD score is more deprived; places are taken at their average."


def one_notes(frame, filters):
    yield "Proportional: the area's residents in the provider's share of their spells. By the other methods all of them, or none."
    yield from place_notes(filters)
    if filters.get("reach") == catchments.ALL_AREAS:
        yield UPPER_LIMIT
    elif left_out := not_counted(filters):
        yield f"Not counted: {listed_at_most(left_out, 9)}, whose own trusts have not submitted."
    if filters.get("level") != "place":
        yield "Choose places under “Areas” to see local authorities."


def age_notes(frame, filters):
    if numeric(frame["spells"]).isna().all():
        yield "No patient-level extract of it gives age and sex: the ages are those of the areas that its patients live in."
    else:
        yield "By age and sex of its patients, from minimised patient-level extracts."


def spells_behind(filters):
    """The rows of admitted spells of every provider, of ACM and of the patient-level sets that give age and sex."""
    asked = catchments.which_spells(filters)
    return {**asked, "point_of_delivery": points_of_delivery_in(asked["unit"]), "sets": "too"}


def residents_behind(filters):
    return sources_of("places", "place_populations")


def _figure(**declared) -> Figure:
    declared = {"query": read_catchments, "rows": spells_behind, "sources": residents_behind, "stamp": position_stamp} | declared
    return register(Figure(source=SOURCE, **declared))


CATCHMENTS = _figure(
    name="catchments",
    heading="Catchment populations by three methods",
    form=CatchmentForm,
    calculation=every_catchment,
    table=tables.CatchmentsTable,
    chart=charts.catchments_chart,
    note=catchment_notes,
    url_name=ALL_NAME,
)
CATCHMENT_AREAS = _figure(
    name="catchment_areas",
    heading="Areas, and who is in nobody's catchment",
    form=CatchmentForm,
    calculation=every_area,
    table=tables.CatchmentAreasTable,
    title=charts.areas_title,
    note=area_notes,
    url_name=ALL_NAME,
)
CATCHMENT_PROFILES = _figure(
    name="catchment_profiles",
    heading="Age and deprivation of each catchment",
    form=CatchmentForm,
    calculation=every_profile,
    table=tables.CatchmentProfilesTable,
    chart=charts.profiles_chart,
    note=profile_notes,
    url_name=ALL_NAME,
)
CATCHMENT = _figure(
    name="catchment",
    heading="Areas that make up the catchment",
    form=ProviderCatchmentForm,
    calculation=one_catchment,
    table=tables.ProviderCatchmentTable,
    chart=charts.provider_catchment_chart,
    note=one_notes,
    url_name=ALL_NAME,
)
CATCHMENT_AGES = _figure(
    name="catchment_ages",
    heading="Ages in the catchment",
    form=ProviderCatchmentForm,
    calculation=one_by_age,
    table=tables.CatchmentAgesTable,
    chart=charts.ages_chart,
    note=age_notes,
    url_name=ALL_NAME,
)


def catchments_sentence(results) -> str:
    """How many residents are in whose catchment, and how many in nobody's."""
    frame, areas = results["catchments"].frame, results["catchment_areas"].frame
    sizes = numeric(frame["proportional"])
    if frame.empty or not numeric(frame["spells"]).sum() > 0:
        return NOBODY_ADMITTED
    if not sizes.sum() > 0:
        return charts.NOT_WHOLE
    total, left = numeric(areas["population"]).sum(), numeric(areas["unassigned"]).fillna(0).sum()
    where = listed(list(areas["area_name"])) if len(areas) <= 3 else number_of(len(areas), "area")
    own = frame.assign(size=sizes).nlargest(3, "size")
    names = [f"{name} ({charts.people(size)})" for name, size in zip(own["provider_name"], own["size"], strict=True)]
    rest = "and nobody is left out" if left < 0.5 else f"and {charts.people(left)} are in nobody's"
    whose = f"{upper_limit(results['catchments'])}Of {charts.people(total)} residents in {where}"
    when = charts.period(results["catchments"].filters)
    return f"{whose}, most look to {listed(names)} for specialised admitted care in {when}, by the proportional method; {rest}."


def catchment_sentence(results) -> str:
    """One provider's catchment by each method, its deprivation and its age."""
    frame = results["catchment"].frame
    sizes = {name: numeric(frame[name]).sum() for name in charts.METHODS}
    if frame.empty and catchments.counted_systems(results["catchment"].filters) == set():
        return charts.NOT_WHOLE
    if not sizes["proportional"] > 0:
        return NOBODY_ADMITTED
    said = [f"{charts.people(sizes[name])} ({words.lower()})" for name, words in charts.METHODS.items()]
    ages = results["catchment_ages"].frame
    older = numeric(ages.loc[ages["age_band"].isin(["65-74", "75-84", "85+"]), "share"]).sum()
    weights, scores = numeric(frame["proportional"]), numeric(frame["score"])
    score = (weights * scores).sum() / weights.where(scores.notna()).sum()
    words = f"{percent(older, 0)} are 65 or over, and the average IMD score is {score:.1f}"
    return f"{upper_limit(results['catchment'])}Residents in the catchment: {listed(said)}. {words}."


def upper_limit(result) -> str:
    return "As an upper limit: " if result.filters.get("reach") == catchments.ALL_AREAS else ""
