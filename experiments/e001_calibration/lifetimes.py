"""How many children are ever known to services before they are 18, from whole lives that no extract holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.e001_calibration.numbers import Achieved, CannotMeasureError, share
from experiments.e001_calibration.registry import register

if TYPE_CHECKING:
    from experiments.e001_calibration.authority import Authority

EVENTS = ("referred", "assessed", "child_in_need", "protection_plan", "looked_after")


def _ever(a: Authority, event: str) -> Achieved:
    """Of children who turned 18 within the records: to whom it had ever happened."""
    known = a.known("ever")
    if event not in known:
        raise CannotMeasureError(f"truth/ever does not hold {event}")
    percent, n = float(known[event]), known.get("turned_18")
    return share(round(percent * n / 100), n) if n else Achieved(percent)


for _event in EVENTS:
    register(f"ever_{_event}_share", _ever, event=_event)
