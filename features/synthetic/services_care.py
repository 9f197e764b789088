"""How children come into care and leave it, and how young people fare who left it at 18.

Part of `services`, which says what the chances may depend on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from features.synthetic.states import Move

if TYPE_CHECKING:
    from features.synthetic.profiles import Profile
    from features.synthetic.situation import Exits, Situation

# Odds of being placed in care among disabled children with care and support: parental drugs or alcohol 3.16, parental
# learning disability 2.92, child's mental health 1.82, domestic abuse 1.48, parental mental health 1.44 (Wales
# 2016-22). Not all of what is there is written down, so what is published is less than what is there.
CARE_ODDS = {
    "substances": 4.9,
    "parent_learning": 3.8,
    "parents_struggle": 3.4,
    "is_struggling": 4.2,
    "is_disabled": 2.4,
}


def care_chance(at: Situation, profile: Profile, times: float) -> Any:
    """Give the chance to enter care this month: highest for babies and the oldest (DfE, 2025)."""
    by_age = np.select(
        [at.months_old < 0, at.months_old < 12, at.months_old < 60, at.months_old < 120, at.months_old < 192],
        [0.0, 13.5, 1.2, 0.48, 0.85],
        1.8,
    )
    family = (
        CARE_ODDS["substances"] ** at.substances
        * CARE_ODDS["parent_learning"] ** at.parent_learning
        * CARE_ODDS["parents_struggle"] ** at.parents_struggle
        * CARE_ODDS["is_disabled"] ** at.is_disabled
        * CARE_ODDS["is_struggling"] ** (at.is_struggling * (at.months_old >= 60))
    )
    chance = profile.care * times * 0.0016 * np.exp(0.3 * (at.need - 4)) * by_age * family
    return np.minimum(0.2, chance)


def from_pre_proceedings(at: Situation, profile: Profile) -> Exits:
    """Give the ways out of pre-proceedings."""
    # Of children in pre-proceedings about 40% are in care twelve months later (Taylor et al. 2024).
    into = np.minimum(0.3, 0.075 * np.exp(0.2 * (at.need - 4)) * np.exp(-0.15 * (at.strength - 1)))
    return [(Move.INTO_CARE, into), (Move.PRE_PROCEEDINGS_ENDED, np.full_like(into, 0.1))]


def from_returned_home(at: Situation, profile: Profile) -> Exits:
    """Give what may happen to a child who returned home from care."""
    # One in five children who return home is back in care within a year (Goldacre et al. 2022).
    back = np.minimum(0.2, 0.034 * np.exp(0.3 * (at.need - 3)) * np.exp(-0.1 * (at.strength - 1)))
    return [
        (Move.INTO_CARE, back),
        (Move.HOME_SETTLED, np.full_like(back, 0.06)),
    ]


def from_care(at: Situation, profile: Profile) -> Exits:
    """Give the ways out of the first months of care."""
    # Of care episodes that cease 19% return home, 9% end in adoption, 12% in special guardianship (England 2025).
    home = 0.023 * np.exp(-0.25 * (at.need - 3))
    return [
        *_leave_care(at, profile, home=home, small=0.0, guardianship=0.008),
        (Move.CARE_SETTLED, np.full_like(home, 0.12)),
    ]


def from_settled_care(at: Situation, profile: Profile) -> Exits:
    """Give the ways out of care that has lasted."""
    return _leave_care(at, profile, home=0.0035 * np.exp(-0.2 * (at.need - 3)), small=0.032, guardianship=0.0075)


def _leave_care(at: Situation, profile: Profile, *, home: Any, small: float, guardianship: float) -> Exits:
    """Give the ways out of care before 18; without a stay in care that suits, a child keeps it."""
    is_small = (at.months_old >= 12) & (at.months_old < 72)
    elsewhere = np.full_like(home, 0.0035)
    return [
        (Move.RETURNED_HOME, profile.leaving * home),
        (Move.ADOPTED, profile.adoption * np.where(is_small, small, 0.0)),
        (
            Move.SPECIAL_GUARDIANSHIP,
            profile.leaving
            * np.select([at.months_old < 60, at.months_old < 120], [1.5 * guardianship, 0.7 * guardianship], 0.001),
        ),
        (Move.TO_ANOTHER_AUTHORITY, profile.leaving * elsewhere),
    ]


# Monthly chances of young people who left care, at no strengths; each strength takes over a third off the chance of a
# loss and helps to find again.
# In education or work at 17 to 18: 64%, at 19 to 21: 54%; suitable homes 91% and 89% (England 2025, DfE).
WORK_LOST, WORK_FOUND, HOME_LOST, HOME_FOUND = 0.064, 0.036, 0.04, 0.23


def _lost(at: Situation, chance: float) -> Any:
    return chance * 0.62**at.strength


def _found(at: Situation, chance: float) -> Any:
    return chance * (1 + 0.25 * at.strength)


def from_leaver(at: Situation, *, has_work: bool, has_home: bool) -> Exits:
    """Give what may change for a young person who left care."""
    work = (Move.WORK_LOST, _lost(at, WORK_LOST)) if has_work else (Move.WORK_FOUND, _found(at, WORK_FOUND))
    home = (Move.HOME_LOST, _lost(at, HOME_LOST)) if has_home else (Move.HOME_FOUND, _found(at, HOME_FOUND))
    return [work, home]
