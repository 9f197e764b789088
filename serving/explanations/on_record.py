"""What is on a child's record and never part of a score: said to the worker, so that it is not overlooked.

Knows the declarations of what no model may read, and one child's values; knows no score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.indicators.catalogue import by_name
from features.indicators.shown_only import SHOWN_ONLY
from serving.explanations.reasons import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.indicators.declaration import Indicator

# Of the lines that tell how deprived a child's homes were or are, the present one says enough.
SAID_OF_THE_REST = ("tenth_of_deprivation_of_latest_home", "has_no_pupil_number")

ONLY_SHOWN: tuple[Indicator, ...] = (*SHOWN_ONLY, *(by_name(name) for name in SAID_OF_THE_REST))
"""What no model may read and a worker is told, in the order in which it is said."""


def also_on_record(values: Mapping[str, object], *, declarations: Sequence[Indicator] = ONLY_SHOWN) -> tuple[str, ...]:
    """Say what is on record of one child and never part of a score.

    That something is not said here does not mean that it is not so: only what was found is recorded.

    Parameters
    ----------
    values
        The child's values by indicator. None, NaN and nought are not said.
    declarations
        What is looked at, in the order in which it is said.

    Returns
    -------
    tuple of str
        In a worker's words, each wording once.
    """
    told = ((one, value_of(values[one.name])) for one in declarations)
    return tuple(dict.fromkeys(one.describe(value) for one, value in told if value))
