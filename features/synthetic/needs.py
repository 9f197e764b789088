"""How need and strengths change from one month to the next.

Need has levels 0 (as most families) to 6 (a child is being harmed), strengths 0 to 3 (people to turn to, trust,
a settled home). Both return slowly to a level of the family's own; life events push need up; help that works brings it
down and builds strengths. No extract ever tells either: they stand in `truth/` alone. The functions take arrays of any
shape that fit together, so that the same lines serve one family's life and the exact probabilities of `truth`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NEED_LEVELS = 7
STRENGTH_LEVELS = 4
# Bereavement, separation, a job or a home lost: two levels up at once, to most families less than once in a childhood.
LIFE_EVENT = 0.0035
# A level is left after about two years when it is the family's own, sooner the farther it lies from it.
DRIFT = 0.02
PULL = 0.7


def need_steps(need: Any, base: Any, strength: Any, help_given: Any) -> tuple[Any, Any]:
    """Give the monthly probabilities that need falls or rises by one level.

    Parameters
    ----------
    need, base
        Level now and the family's own, 0 to 6.
    strength
        0 to 3.
    help_given
        0 for no help or help that does not work here; 1 for early help, more for a plan.

    Returns
    -------
    tuple of arrays
        Probability to fall, probability to rise; 0 at the ends of the scale.
    """
    relief = 1 + help_given * (0.5 + 0.35 * strength)
    falls = np.where(need > 0, np.minimum(0.5, DRIFT * np.exp(PULL * (need - base)) * relief), 0.0)
    rises = np.where(need < NEED_LEVELS - 1, np.minimum(0.3, DRIFT * np.exp(PULL * (base - need))), 0.0)
    return falls, rises


def strength_steps(strength: Any, base: Any, help_given: Any) -> tuple[Any, Any]:
    """Give the monthly probabilities that strengths fall or rise by one level."""
    falls = np.where(strength > 0, 0.03 * np.exp(0.5 * (strength - base)), 0.0)
    rises = np.where(
        strength < STRENGTH_LEVELS - 1, 0.03 * np.exp(0.5 * (base - strength)) * (1 + 1.5 * help_given), 0.0
    )
    return falls, rises


def step_need(need: Any, steps: tuple[Any, Any], uniform: Any) -> Any:
    """Move need by one month, given a uniform number for each child."""
    falls, rises = steps
    moved = need - (uniform < falls) + (uniform >= 1 - rises)
    shocked = (uniform >= falls) & (uniform < falls + LIFE_EVENT)
    return np.minimum(moved + 2 * shocked, NEED_LEVELS - 1)


def step_strength(strength: Any, steps: tuple[Any, Any], uniform: Any) -> Any:
    """Move strengths by one month, given a uniform number for each child."""
    falls, rises = steps
    return strength - (uniform < falls) + (uniform >= 1 - rises)
