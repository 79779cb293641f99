"""The codes of each row: who is responsible, who commissions, where treated, for what treatment function and tariff.

Codes are positions in a list of words (`Column.words`), -1 where the cell is blank: millions of rows stay small.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .catchments import NOT_KNOWN
from .lines import AT_COST, HUB, POPULATION
from .practices import PATTERNS, in_pattern, pattern_of, practice_weights
from .reference import NOT_ENGLISH, Reference, commissioners_of
from .rows import FileCells
from .weights import Weights

BLANK = -1
TOP_UP = "NAOTHER"
NO_PRACTICE, PRACTICE_NOT_KNOWN = "V81997", "V81999"
NATIONAL_COMMISSIONER, OTHER_CATEGORY = "13Q", "98"
# Of patients whose home is known: without a practice, without a residence on the row, registered elsewhere than they live.
WITHOUT_PRACTICE, WITHOUT_RESIDENCE, LIVES_ELSEWHERE = 0.02, 0.02, 0.02
# Prices of a line's tariffs, from the first of its list to the last, around the line's unit price.
DEAREST, CHEAPEST = 1.22, 0.78


@dataclass(frozen=True)
class Column:
    """A column of codes: for each row the position of its word, or BLANK."""

    words: list[str]
    positions: np.ndarray


class Choices:
    """Words to choose from by key: a list of (word, weight) for each key from 0; an empty word is blank."""

    def __init__(self, by_key: list[list[tuple[str, float]]], words: Iterable[str] = ()):
        self.words = sorted({*words, *(word for options in by_key for word, _ in options)} - {""})
        place = {word: position for position, word in enumerate(self.words)} | {"": BLANK}
        self.positions = np.array([place[word] for options in by_key for word, _ in options], dtype=np.int16)
        sizes = np.array([len(options) for options in by_key])
        self.last = np.cumsum(sizes) - 1
        within = [np.cumsum([weight for _, weight in options]) for options in by_key]
        self.steps = np.concatenate([key + part / part[-1] for key, part in enumerate(within)])

    def draw(self, keys: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """The option drawn for each key: a place in `positions`."""
        return np.minimum(np.searchsorted(self.steps, keys + rng.random(len(keys)), side="right"), self.last[keys])

    def place(self, word: str) -> int:
        return self.words.index(word)


@dataclass(frozen=True)
class FileChoices:
    """What the rows of one file choose from; `organisation_key` and `site_key` are by cell, the others by line.

    Practices are keyed by pattern of places and then by who is responsible, the blank first.
    """

    organisations: Choices
    organisation_key: np.ndarray
    practices: Choices
    pattern: np.ndarray
    sites: Choices
    site_key: np.ndarray
    treatment_functions: Choices
    tariffs: Choices
    relative_prices: np.ndarray
    host: str
    hub: str
    delegated: bool


def file_choices(cells: FileCells, weights: Weights, reference: Reference, year: str) -> FileChoices:
    terms = weights.providers.set_index("provider").loc[cells.lines["provider"].iloc[0]]
    of_year = set(commissioners_of(weights, year)["commissioner"])
    host = terms["host_commissioner"] if terms["host_commissioner"] in of_year else terms["host_ccg"]
    hub = reference.hubs[terms["host_commissioner"]]
    homes, organisation_key = np.unique(cells.home, return_inverse=True)
    pairs = pd.MultiIndex.from_arrays([cells.lines["family"].to_numpy()[cells.line], cells.home])
    site_key, of_pair = pairs.factorize()
    tariffs = [_equally(text) for text in cells.lines["tariff_codes"]]
    organisations = Choices(
        [_organisations(weights, terms.name, home, year) for home in homes], [host, hub, NATIONAL_COMMISSIONER]
    )
    return FileChoices(
        organisations=organisations,
        organisation_key=organisation_key,
        practices=_practices(organisations.words, practice_weights(weights, reference, terms.name, year)),
        pattern=pattern_of(cells.lines["family"]),
        sites=Choices(_sites(weights, terms.name, of_pair)),
        site_key=site_key,
        treatment_functions=Choices([_equally(text) for text in cells.lines["treatment_functions"]]),
        tariffs=Choices(tariffs),
        relative_prices=np.concatenate([_relative_prices(len(options)) for options in tariffs]),
        host=host,
        hub=hub,
        delegated=weights.of_year(year)["delegated"] == "yes",
    )


def _equally(text: str) -> list[tuple[str, float]]:
    return [(word, 1.0) for word in text.split(";")]


def _relative_prices(count: int) -> np.ndarray:
    return np.linspace(DEAREST, CHEAPEST, count) if count > 1 else np.ones(1)


def _organisations(weights: Weights, provider: str, home: str, year: str) -> list[tuple[str, float]]:
    """Commissioners of a home, nearer the provider where the weights say so."""
    table = commissioners_of(weights, year)
    table = table[table["home"] == home]
    own = table[table["provider"] == provider]
    chosen = own if len(own) else table[table["provider"] == ""]
    return list(zip(chosen["commissioner"], chosen["weight"], strict=True)) or [("", 1.0)]


def _practices(organisations: list[str], practices: dict[str, pd.DataFrame]) -> Choices:
    """In each pattern the practices of each organisation, after those of none."""
    nowhere = [("", 1.0)]
    options = [
        in_pattern(practices[code], pattern) if code in practices else nowhere
        for pattern in range(PATTERNS)
        for code in ("", *organisations)
    ]
    return Choices(options, [NO_PRACTICE, PRACTICE_NOT_KNOWN])


def _sites(weights: Weights, provider: str, pairs: Iterable[tuple[str, str]]) -> list[list[tuple[str, float]]]:
    """For each family and home the most particular of the provider's sites: of both, of the family, or of the provider."""
    table = weights.sites[weights.sites["provider"] == provider]
    options: dict[tuple[str, str], list[tuple[str, float]]] = {("", ""): [("", 1.0)]}
    for key, chosen in table.groupby(["family", "home"]):
        options[key] = list(zip(chosen["site"], chosen["weight"], strict=True))
    return [next(options[key] for key in ((family, home), (family, ""), ("", "")) if key in options) for family, home in pairs]


def columns(
    cells: FileCells, choices: FileChoices, picked: np.ndarray, tariff: np.ndarray, rng: np.random.Generator
) -> dict[str, Column]:
    """Columns of codes of the picked rows; `tariff` is the option that their price was taken from."""
    line = cells.line[picked]
    points = cells.lines["point_of_delivery"]
    nobodys = (cells.lines["responsibility"] == "blank").to_numpy()[line]
    money_only = nobodys | points.isin([*AT_COST, TOP_UP]).to_numpy()[line]
    sites = choices.sites.positions[choices.sites.draw(choices.site_key[picked], rng)]
    functions = choices.treatment_functions.positions[choices.treatment_functions.draw(line, rng)]
    stated = choices.organisations.positions[choices.organisations.draw(choices.organisation_key[picked], rng)]
    home = cells.home[picked]
    return {
        "site": Column(choices.sites.words, np.where(money_only, BLANK, sites)),
        "treatment_function": Column(choices.treatment_functions.words, np.where(money_only, BLANK, functions)),
        "tariff": Column(choices.tariffs.words, choices.tariffs.positions[tariff]),
        **_responsibility(line, stated, home, nobodys, choices, rng),
        "commissioner": _commissioner(cells.lines["commissioned_by"].to_numpy()[line], stated, home, choices),
        "service_category": _category(cells.lines, line, home, choices.delegated),
    }


def _responsibility(
    line: np.ndarray, stated: np.ndarray, home: np.ndarray, nobodys: np.ndarray, choices: FileChoices, rng: np.random.Generator
) -> dict[str, Column]:
    """Who is responsible by practice and by residence, and the practice. Overseas and private patients have none of them."""
    known = ~nobodys & (stated != BLANK) & ~np.isin(home, ["OVERSEAS", "PRIVATE"])
    chance = rng.random(len(stated))
    no_practice = chance < WITHOUT_PRACTICE
    no_residence = (chance >= WITHOUT_PRACTICE) & (chance < WITHOUT_PRACTICE + WITHOUT_RESIDENCE)
    moved = (chance > 1 - LIVES_ELSEWHERE) & np.roll(known, 1)
    residence = np.where(moved, np.roll(stated, 1), stated)
    words = choices.organisations.words
    practices, key = choices.practices, choices.pattern[line] * (len(words) + 1) + stated + 1
    # Chance of its own: what else is drawn stays as it is, whatever practices there are.
    registered = practices.positions[practices.draw(key, rng.spawn(1)[0])]
    unknown = np.where(known, practices.place(NO_PRACTICE), practices.place(PRACTICE_NOT_KNOWN))
    practice = np.where(nobodys, BLANK, np.where(known & ~no_practice, registered, unknown))
    return {
        "practice_responsibility": Column(words, np.where(known & ~no_practice, stated, BLANK)),
        "residence_responsibility": Column(words, np.where(known & ~no_residence, residence, BLANK)),
        "practice": Column(practices.words, practice),
    }


def _commissioner(by: np.ndarray, stated: np.ndarray, home: np.ndarray, choices: FileChoices) -> Column:
    """Who pays: other nations' boards and private patients themselves; else the hub, the population's own, or the nation."""
    place = choices.organisations.place
    population = np.where(home == NOT_KNOWN, place(choices.host), stated)
    english = np.select([by == HUB, by == POPULATION], [place(choices.hub), population], place(NATIONAL_COMMISSIONER))
    return Column(choices.organisations.words, np.where(np.isin(home, NOT_ENGLISH), stated, english))


def _category(lines: pd.DataFrame, line: np.ndarray, home: np.ndarray, delegated: bool) -> Column:
    """The line's category. Since delegation, what another nation or a patient pays for is neither delegated nor retained."""
    codes, words = pd.factorize(lines["category"])
    own = codes[line]
    others = delegated & np.isin(home, NOT_ENGLISH) & lines["specialised"].to_numpy()[line]
    return Column([*words, OTHER_CATEGORY], np.where(others, len(words), own))
