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

# Sibling groups known to services have about 2.5 children where they are in care (Cafcass and 97 authorities, 2014);
# all families known have fewer.
SIBLING_SHARES = (0.34, 0.35, 0.19, 0.08, 0.04)

# Factors found at the end of assessments in England 2025 (DfE, Children in need): domestic abuse of a parent 31.7%,
# parent's mental health 33.5%, alcohol 14.3%, drugs 14.1%, learning disability 3.0%, illness 5.4%, neglect 17.6%.
FAMILY_PROBLEMS = {
    "domestic_abuse": 0.32,
    "parent_mental_health": 0.33,
    "parent_alcohol": 0.14,
    "parent_drugs": 0.14,
    "parent_learning": 0.03,
    "parent_illness": 0.054,
    "neglect": 0.17,
}
# The same source: child's mental health 17.6%, socially unacceptable behaviour 7.0%, exploitation and gangs about 5%.
CHILD_PROBLEMS = {"child_mental_health": 0.18, "behaviour": 0.08, "exploitation": 0.06}


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
    base, base_strength
        The level that need (0 to 6) and strengths (0 to 3) return to when nothing happens.
    help_works
        Whether help changes anything for this family, once there is some trust.
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
    base: Ints
    base_strength: Ints
    help_works: Flags
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
    logits = np.array([_logit(share) for share in shares.values()]) - 0.25
    chance = 1 / (1 + np.exp(-(logits + 0.9 * hardship[:, None])))
    return rng.random(chance.shape) < chance


def _births(rng: np.random.Generator, months: Months, n_families: int) -> tuple[Ints, Ints, Ints]:
    """Draw sibling groups: the family of each child, its day of birth, and each mother's day of birth."""
    sizes = rng.choice(len(SIBLING_SHARES), size=n_families, p=SIBLING_SHARES) + 1
    earliest, latest = int(months.first_days[months.burn_in]) - 18 * 365, int(months.first_days[-1]) + 150
    first = rng.integers(earliest - 6 * 365, latest, n_families)
    mother = first - rng.integers(17 * 365, 36 * 365, n_families)
    family = np.repeat(np.arange(n_families), sizes)
    order = np.arange(len(family)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # Twins are left out: siblings are 13 months to five years apart.
    gaps = np.where(order == 0, 0, rng.integers(400, 1825, len(family)))
    since_first = np.cumsum(gaps) - np.repeat(np.cumsum(gaps)[np.cumsum(sizes) - sizes], sizes)
    return family, first[family] + since_first, mother


def invent(rng: np.random.Generator, months: Months, profile: Profile, *, families: int) -> People:
    """Invent families whose children are under 18, or expected, at some time in the months.

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
    family, birth_day, mother = _births(rng, months, families)
    deprivation = np.minimum(10, 1 + (rng.beta(1.6, 1.1, families) * 10).astype(np.int64))
    hardship = rng.normal(0, 1, families) + 0.12 * (deprivation - 6.5)
    problems = _problems(rng, FAMILY_PROBLEMS, hardship)
    level = 1.3 + 0.85 * hardship + 0.45 * (problems.sum(axis=1) - 1.2)
    own = rng.normal(0, 0.7, len(family))
    strength = 1.5 - 0.35 * hardship + rng.normal(0, 0.8, families)
    ethnicity = rng.choice(len(profile.ethnicity), size=families, p=list(profile.ethnicity.values()))
    everyone = People(
        family=family,
        birth_day=birth_day,
        ethnicity=ethnicity[family],
        is_male=rng.random(len(family)) < 0.52,
        is_disabled=rng.random(len(family)) < profile.disabled_share,
        base=np.clip(np.rint(level[family] + own), 0, 5).astype(np.int64),
        base_strength=np.clip(np.rint(strength[family]), 0, 3).astype(np.int64),
        help_works=(rng.random(families) < 0.6)[family],
        family_problems=problems[family],
        child_problems=_problems(rng, CHILD_PROBLEMS, own + 0.4 * hardship[family]),
        mother_birth_day=mother,
        deprivation=deprivation,
    )
    is_young = (birth_day > months.start - 18 * 365 + 30) & (birth_day < int(months.first_days[-1]) + 120)
    return everyone.take(np.nonzero(is_young)[0])
