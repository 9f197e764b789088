"""Unfairness that can be planted, each switchable by name and of a known size, so that an audit can be tried.

In whom: children whose ethnic group is not White (`families.is_marked`). Without `--plant` nothing that happens or is
recorded depends on it. Each size is a factor on one quantity of the mechanism and of no other; which one stands beside
the code that reads it. Nothing here says that real services are, or are not, like this.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Kind:
    """One kind of unfairness.

    Parameters
    ----------
    usual
        The size when none is given.
    lowest, highest
        Between which a size must lie; 1 is no unfairness, and a ninth for `proxy`, for there are nine sectors.
    quantity
        What the size is of, in words.
    """

    usual: float
    lowest: float
    highest: float
    quantity: str


ONE_IN_NINE = 1 / 9
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "recording": Kind(
            3.0, 1.0, 8.0, "times the share of children whose ethnicity is not recorded, at an equal stage"
        ),
        "surveillance": Kind(
            1.4, 0.3, 2.0, "times the monthly chance of a contact, and so of a referral, at equal need and strengths"
        ),
        "access": Kind(
            0.6, 0.1, 2.5, "times the chance of being offered early help once somebody asked, at equal need"
        ),
        "label": Kind(1.6, 0.2, 5.0, "times the odds that an assessment finds need, at equal need"),
        "measurement": Kind(
            0.6,
            0.1,
            1.0,
            "times the chance that a problem that is there is written down as a factor, or a tool used",
        ),
        "proxy": Kind(
            0.6, ONE_IN_NINE, 1.0, "share of homes that lie in the marked postcode sectors, whatever their deprivation"
        ),
    }
)


def read_planted(wanted: Sequence[str]) -> Mapping[str, float]:
    """Read `NAME` or `NAME=SIZE` for each thing to plant.

    Parameters
    ----------
    wanted
        As given to `--plant`.

    Returns
    -------
    mapping of str to float
        Size by name, in the order of `KINDS`.

    Raises
    ------
    WrongUsageError
        When a name is not known or given twice, or a size is no number or out of range.

    Examples
    --------
    >>> read_planted(["surveillance=1.2", "proxy"])
    {'surveillance': 1.2, 'proxy': 0.6}
    >>> read_planted(["kindness"])
    Traceback (most recent call last):
    ...
    features.vocabulary.errors.WrongUsageError: There is no such thing to plant.
    Hint: Choose from: recording, surveillance, access, label, measurement, proxy.
    """
    found: dict[str, float] = {}
    for text in wanted:
        name, _, size = text.partition("=")
        if name not in KINDS:
            raise WrongUsageError("There is no such thing to plant.", hint=f"Choose from: {', '.join(KINDS)}.")
        if name in found:
            raise WrongUsageError(f"{name} is planted twice.", hint="Name each thing to plant once.")
        found[name] = _size(name, size)
    return {name: found[name] for name in KINDS if name in found}


def _size(name: str, text: str) -> float:
    kind = KINDS[name]
    try:
        size = float(text) if text else kind.usual
    except ValueError:
        size = float("nan")
    if not kind.lowest <= size <= kind.highest:
        raise WrongUsageError(
            f"The size of {name} is out of range.",
            hint=f"Give a number from {kind.lowest:g} to {kind.highest:g}, such as {name}={kind.usual:g}.",
        )
    return size
