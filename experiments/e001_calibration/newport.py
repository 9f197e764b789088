"""Counts of children in Newport, on the scale of the Newport that the figures were counted in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.e001_calibration.authority import YEARS, looked_after
from experiments.e001_calibration.figures import plan
from experiments.e001_calibration.numbers import Achieved, rate
from experiments.e001_calibration.placements import FOSTER, is_outside
from experiments.e001_calibration.registry import measure

if TYPE_CHECKING:
    from experiments.e001_calibration.authority import Authority


def _scaled(a: Authority, children: int, days: int = 1) -> Achieved:
    """Scale children counted on some 31 Marches to one of them and to Newport's size."""
    return rate(children, a.mean_population(days), years=days, per=plan()["scale"]["newport_children"])


@measure("care_children")
def in_care(a: Authority) -> Achieved:
    """Children looked after on 31 March, had the authority Newport's size."""
    return _scaled(a, looked_after(a).height)


@measure("placed_outside_children")
def outside(a: Authority) -> Achieved:
    """Children placed outside the authority on a 31 March of three, had it Newport's size."""
    return _scaled(a, int(is_outside(a)["outside"].sum()), YEARS)


@measure("foster_inside_children")
def foster_inside(a: Authority) -> Achieved:
    """Children in foster placements inside the authority on a 31 March of three, had it Newport's size."""
    found = is_outside(a)
    return _scaled(a, int((found["clap_cla_placement_type"].is_in(FOSTER) & ~found["outside"]).sum()), YEARS)
