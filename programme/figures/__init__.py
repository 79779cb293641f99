"""Figures of the Overview and of the pages of services and providers, declared when the app is ready."""

from finance.figures.affordability import AFFORDABILITY, SPEND_BY_PROVIDER, SPEND_BY_SYSTEM
from finance.figures.allocation import ALLOCATION
from programme.figures.cards import headline_cards, overview_sentence
from programme.figures.headlines import HEADLINES
from programme.figures.overview import CHANGES, COVERAGE, ORIGINS, SPECIALISED_AND_OTHER
from programme.figures.provider import PROVIDERS
from programme.figures.service import SERVICES

OVERVIEW = (
    HEADLINES,
    SPEND_BY_PROVIDER,
    ORIGINS,
    ALLOCATION,
    AFFORDABILITY,
    SPEND_BY_SYSTEM,
    COVERAGE,
    SPECIALISED_AND_OTHER,
    CHANGES,
)

__all__ = ["OVERVIEW", "PROVIDERS", "SERVICES", "headline_cards", "overview_sentence"]
