"""Figures of finance, declared when the app is ready."""

from finance.figures import (
    affordability,
    allocation,
    core_need,
    official,
    policies,
    policy_options,
    rounds,
    service_targets,
    shadow_monitoring,
    variation,
)

__all__ = [
    "affordability",
    "allocation",
    "core_need",
    "official",
    "policies",
    "policy_options",
    "rounds",
    "service_targets",
    "shadow_monitoring",
    "variation",
]
