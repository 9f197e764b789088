"""Every measure, loaded: asking for the register here is asking for all of it."""

from experiments.e001_calibration import (
    attendance,
    care,
    factors,
    families,
    leaving,
    lifetimes,
    need,
    newport,
    placements,
    protection,
    referrals,
    wales,
    wellbeing,
)
from experiments.e001_calibration.registry import MEASURES

__all__ = [
    "MEASURES",
    "attendance",
    "care",
    "factors",
    "families",
    "leaving",
    "lifetimes",
    "need",
    "newport",
    "placements",
    "protection",
    "referrals",
    "wales",
    "wellbeing",
]
