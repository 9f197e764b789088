"""Who lives in the invented authority: mothers, their children, and what does not change about them.

Families share a home, a mother and most of what makes life hard or easier; children differ within them. Ethnicity
and sex are drawn apart from needs: given need, nothing that follows depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from features.synthetic.calendar import Months
    from features.synthetic.profiles import Profile

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Families have 1.85 children on average, in hardship more: sibling groups in care have 2.5 (97 authorities, 2014).
MORE_CHILDREN, MORE_IN_HARDSHIP, MOST_CHILDREN = 0.8, 0.52, 8

# Shares in the population, ours: what assessments find (a third domestic abuse, England 2025) comes of these, since
# families in difficulty are assessed far more often than others.
FAMILY_PROBLEMS = {
    "domestic_abuse": 0.33,
    "parent_mental_health": 0.335,
    "parent_alcohol": 0.075,
    "parent_drugs": 0.078,
    "parent_learning": 0.015,
    "parent_illness": 0.025,
    "neglect": 0.11,
}
CHILD_PROBLEMS = {"child_mental_health": 0.27, "behaviour": 0.36, "exploitation": 0.13}
# In days: no child is born to a mother of 48 or more.
OLDEST_MOTHER = 48 * 365
# Ethnic groups to which what is planted applies (`planted`): all but the White ones.
UNMARKED = ("WBRI", "WIRI", "WIRT", "WOTH", "WROM")
# Young people who arrive alone, seek asylum and enter care at once; nearly all are boys of 15 to 17.
ARRIVING_ETHNICITY = {"OOTH": 0.3, "BAFR": 0.15, "WOTH": 0.4, "AOTH": 0.15}
ARRIVING_MALE = 0.94


@dataclass(frozen=True)
class People:
    """Children, one entry each, ordered by family and birth; `mother_*` and `postcode_*` are one entry per family.

    Parameters
    ----------
    family
        Number of the child's family, from 0.
    birth_day
        Day of birth, also when it lies after the records.
    ethnicity
        Position of the code in the profile's mix.
    is_male, is_disabled
        Of the child.
    is_marked
        Whether what is planted applies to the child.
    arrives
        Month in which an unaccompanied young person arrives; -1 for all others.
    base, base_strength
        The level that need (0 to 6) and strengths (0 to 3) return to when nothing happens.
    help_works
        Whether help changes anything for this family, once there is some trust.
    is_intensive
        Whether the family is offered an intensive service once social care is involved.
    family_problems, child_problems
        Columns as `FAMILY_PROBLEMS` and `CHILD_PROBLEMS`.
    mother_birth_day, deprivation
        Per family; deprivation from 1 (least) to 10 (most).
    """

    family: Ints
    birth_day: Ints
    ethnicity: Ints
    is_male: Flags
    is_disabled: Flags
    is_marked: Flags
    arrives: Ints
    base: Ints
    base_strength: Ints
    help_works: Flags
    is_intensive: Flags
    family_problems: Flags
    child_problems: Flags
    mother_birth_day: Ints
    deprivation: Ints

    @property
    def n(self) -> int:
        """Number of children."""
        return len(self.family)

    @property
    def n_families(self) -> int:
        """Number of families."""
        return len(self.mother_birth_day)

    def take(self, children: Ints) -> People:
        """Keep some children and their families, numbered anew from 0 in the same order."""
        kept, family = np.unique(self.family[children], return_inverse=True)
        per_family = {"mother_birth_day", "deprivation"}
        rows = {f.name: getattr(self, f.name)[kept if f.name in per_family else children] for f in fields(self)}
        return replace(self, **{**rows, "family": family.astype(np.int64)})


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _problems(rng: np.random.Generator, shares: dict[str, float], hardship: Floats) -> Flags:
    """Draw which problems are there; all are likelier in hardship, so they come together."""
    logits = np.array([_logit(share) for share in shares.values()]) - 0.3
    chance = 1 / (1 + np.exp(-(logits + 0.8 * hardship[:, None])))
    return rng.random(chance.shape) < chance


def _births(rng: np.random.Generator, months: Months, hardship: Floats) -> tuple[Ints, Ints, Ints]:
    """Draw sibling groups: the family of each child, its day of birth, and each mother's day of birth."""
    n_families = len(hardship)
    expected = MORE_CHILDREN * np.exp(MORE_IN_HARDSHIP * np.clip(hardship, -2, 3))
    sizes = np.minimum(1 + rng.poisson(expected), MOST_CHILDREN)
    # Families begin at an even pace, early enough that the last children of the first are still young.
    first = rng.integers(_eldest(months) - 8 * 365, int(months.first_days[-1]) + 150, n_families)
    mother = first - rng.integers(17 * 365, 36 * 365, n_families)
    family = np.repeat(np.arange(n_families), sizes)
    order = np.arange(len(family)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # Twins are left out: siblings are 13 months to five years apart.
    gaps = np.where(order == 0, 0, rng.integers(400, 1825, len(family)))
    since_first = np.cumsum(gaps) - np.repeat(np.cumsum(gaps)[np.cumsum(sizes) - sizes], sizes)
    return family, first[family] + since_first, mother


def _eldest(months: Months) -> int:
    """Give the day of birth of the eldest who are seen: those who left care, until 22."""
    return months.start - 22 * 365


def _arrivals(rng: np.random.Generator, months: Months, share: float, families: int) -> tuple[Ints, Ints, Ints]:
    """Choose families of one that are a young person arriving alone: which, in which month, and the day of birth."""
    alone = np.nonzero(rng.random(families) < share)[0]
    # Evenly over all months that can still matter; older than 18 when the records begin matters to nobody.
    month = rng.integers(months.burn_in - 48, months.n, len(alone))
    age = np.floor(365.25 * rng.choice([14.5, 15.5, 16.5, 17.3], size=len(alone), p=[0.06, 0.18, 0.42, 0.34]))
    birth = months.first_days[month] - age.astype(np.int64) - rng.integers(0, 180, len(alone))
    return alone, month, birth


def invent(rng: np.random.Generator, months: Months, profile: Profile, *, families: int) -> People:
    """Invent families of whom somebody is under 22, or expected, at some time in the records.

    Parameters
    ----------
    rng
        The stream of this part.
    months
        The months that will pass.
    profile
        The authority.
    families
        How many mothers to begin with; those whose children are all grown are left out.

    Returns
    -------
    People
        Children ordered by family and birth.
    """
    deprivation = rng.integers(1, 11, families)
    hardship = rng.normal(0, 1, families) + profile.hardship_per_decile * (deprivation - 5.5)
    family, birth_day, mother = _births(rng, months, hardship)
    problems = _problems(rng, FAMILY_PROBLEMS, hardship)
    level = -2.2 + 1.5 * hardship + 0.38 * problems.sum(axis=1)
    own = rng.normal(0, 0.25, len(family))
    strength = 1.7 - 0.3 * hardship - 0.2 * problems.sum(axis=1) + rng.normal(0, 0.8, families)
    ethnicity = rng.choice(len(profile.ethnicity), size=families, p=list(profile.ethnicity.values()))
    is_offered = rng.random(families) < 0.15 + 0.1 * np.minimum(problems.sum(axis=1), 4)
    everyone = People(
        family=family,
        birth_day=birth_day,
        ethnicity=ethnicity[family],
        is_male=rng.random(len(family)) < 0.53,
        is_disabled=rng.random(len(family)) < profile.disabled_share,
        is_marked=np.array([code not in UNMARKED for code in profile.ethnicity])[ethnicity][family],
        arrives=np.full(len(family), -1),
        base=np.clip(np.rint(level[family] + own), 0, 5).astype(np.int64),
        base_strength=np.clip(np.rint(strength[family]), 0, 3).astype(np.int64),
        help_works=(rng.random(families) < 0.6)[family],
        is_intensive=(is_offered & (profile.intensive > rng.random(families)))[family],
        family_problems=problems[family],
        child_problems=_problems(rng, CHILD_PROBLEMS, own + 0.4 * hardship[family]),
        mother_birth_day=mother,
        deprivation=deprivation,
    )
    everyone = _with_arrivals(rng, everyone, months, profile)
    is_young = (everyone.birth_day - everyone.mother_birth_day[everyone.family] < OLDEST_MOTHER) | (
        everyone.arrives >= 0
    )
    is_young &= (everyone.birth_day > _eldest(months)) & (everyone.birth_day < int(months.first_days[-1]) + 120)
    return everyone.take(np.nonzero(is_young)[0])


def _with_arrivals(rng: np.random.Generator, people: People, months: Months, profile: Profile) -> People:
    """Turn some families into a young person who arrives alone, of whose family nothing is known here."""
    alone, month, birth = _arrivals(rng, months, profile.unaccompanied, people.n_families)
    first = np.unique(people.family, return_index=True)[1]
    rows, keep = first[alone], np.ones(people.n, bool)
    keep[np.isin(people.family, alone)] = False
    keep[rows] = True
    codes = list(profile.ethnicity)
    mix = [codes.index(code) for code in ARRIVING_ETHNICITY]
    changed = replace(people, **{f.name: getattr(people, f.name).copy() for f in fields(people)})
    changed.birth_day[rows] = birth
    changed.arrives[rows] = month
    changed.ethnicity[rows] = rng.choice(mix, size=len(rows), p=list(ARRIVING_ETHNICITY.values()))
    changed.is_male[rows] = rng.random(len(rows)) < ARRIVING_MALE
    changed.is_disabled[rows] = False
    changed.family_problems[rows] = False
    changed.child_problems[rows] = False
    changed.base[rows] = rng.integers(1, 4, len(rows))
    changed.is_marked[rows] = np.array([code not in UNMARKED for code in codes])[changed.ethnicity[rows]]
    return changed.take(np.nonzero(keep)[0])
