"""The measures by the id of the figure they measure. A measure is a function of an authority and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.e001_calibration.numbers import Achieved, share

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from experiments.e001_calibration.authority import Authority

    Measure = Callable[[Authority], Achieved]
    Labels = Callable[[Authority], pl.Series]

MEASURES: dict[str, Measure] = {}


def _add(figure: str, function: Measure) -> None:
    assert figure not in MEASURES, f"two measures of {figure}"
    MEASURES[figure] = function


def measure(figure: str) -> Callable[[Measure], Measure]:
    """Register a measure under a figure's id."""

    def add(function: Measure) -> Measure:
        _add(figure, function)
        return function

    return add


def shares(**labels: str | tuple[str, ...]) -> Callable[[Labels], Labels]:
    """Register the share of each label, or of some labels together, among all rows that have one.

    Parameters
    ----------
    labels
        By figure's id.
    """

    def add(function: Labels) -> Labels:
        for figure, label in labels.items():
            _add(figure, _share_of((label,) if isinstance(label, str) else label, function))
        return function

    return add


def register(figure: str, function: Callable[..., Achieved], **known: Any) -> None:
    """Register under a figure's id a measure that is the same for several figures but for what is told here."""

    def taken(a: Authority) -> Achieved:
        return function(a, **known)

    taken.__doc__ = function.__doc__
    _add(figure, taken)


def _share_of(wanted: tuple[str, ...], function: Labels) -> Measure:
    def taken(a: Authority) -> Achieved:
        found = function(a).drop_nulls()
        return share(int(found.is_in(wanted).sum()), len(found))

    taken.__doc__ = function.__doc__
    return taken
