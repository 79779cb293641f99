"""Figures of networks and of footprints, declared when the app is ready."""

from networks.figures.comparison import NETWORK_COMPARISON, NETWORK_DELIVERY
from networks.figures.footprints import FOOTPRINT_LEVELS, FOOTPRINTS, footprints_sentence
from networks.figures.networks import NETWORK_FLOWS, NETWORK_FOOTPRINT, NETWORKS, network_sentence, networks_sentence
from networks.figures.service_footprint import SERVICE_FOOTPRINT, SERVICE_FOOTPRINT_YEARS

__all__ = [
    "FOOTPRINTS",
    "FOOTPRINT_LEVELS",
    "NETWORKS",
    "NETWORK_COMPARISON",
    "NETWORK_DELIVERY",
    "NETWORK_FLOWS",
    "NETWORK_FOOTPRINT",
    "SERVICE_FOOTPRINT",
    "SERVICE_FOOTPRINT_YEARS",
    "footprints_sentence",
    "network_sentence",
    "networks_sentence",
]
