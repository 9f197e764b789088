"""What is recorded of who people are: persons, families, mothers, disabilities and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import NEVER, Case, chosen, dates, drawn, ids, is_one_of, only, yes_no
from features.synthetic.record_homes import homes_of
from features.synthetic.states import IN_CARE, IN_NEED_PLAN, ON_A_PLAN, Move, State

if TYPE_CHECKING:
    from features.synthetic.families import Flags, Ints

# Ethnicity refused or not obtained: 1% looked after (England 2025), 4% of children in need (England 2020), up to 10%
# of referrals (Devon 2020/21).
ETHNICITY_MISSING = {"looked_after": 0.01, "in_need": 0.045, "other": 0.12}
MOTHER_RECORDED = 0.88
FAMILY_RECORDED = 0.96
MOST_MOVES = 4
# The sector of every district in which homes are marked where `proxy` is planted.
MARKED_SECTOR = 9
DISABILITY_SHARES = {
    "LD": 0.25, "AUT": 0.28, "BEH": 0.14, "COMM": 0.10, "MOB": 0.08, "DDA": 0.06, "PC": 0.03, "HEAR": 0.03, "VIS": 0.03,
}  # fmt: skip


def _ethnicity(case: Case, rng: np.random.Generator) -> pl.Series:
    """Write ethnicity where it was asked for: the more involved services ever were, the more often it was.

    As in a real case system the table holds what is known at the end: for whom ethnicity is not recorded says something
    of how far their case went, also after any earlier day. Such a group is not comparable with the others.
    """
    stages = (IN_CARE, (*IN_NEED_PLAN, *ON_A_PLAN))
    ever = [is_one_of(stage)[case.lives.state].any(axis=1) for stage in stages]
    share = np.select(
        ever, [ETHNICITY_MISSING["looked_after"], ETHNICITY_MISSING["in_need"]], ETHNICITY_MISSING["other"]
    )
    share = share * np.where(case.people.is_marked, case.profile.planted.get("recording", 1.0), 1.0)
    codes = [*case.profile.ethnicity, "NOBT", "REFU", None]
    why = len(case.profile.ethnicity) + rng.choice(3, size=case.people.n, p=[0.8, 0.1, 0.1])
    return chosen(codes, np.where(rng.random(case.people.n) < share, why, case.people.ethnicity))


def _children(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    people, n = case.people, case.people.n
    is_born = people.birth_day <= case.months.until
    sex = np.where(~is_born | (rng.random(n) < 0.003), 2, np.where(people.is_male, 0, 1))
    died, month = np.nonzero(case.lives.move == Move.DIED)
    death = np.full(n, NEVER, np.int64)
    death[died] = case.lives.day[died, month]
    expected = people.birth_day + rng.integers(-10, 11, n)
    written = chosen(["M", "F", "U"], sex)
    return pl.DataFrame(
        {
            "pers_person_id": case.persons(np.arange(n)),
            "pers_sex": written,
            "pers_gender": written,
            "pers_ethnicity": _ethnicity(case, rng),
            "pers_dob": dates(np.where(is_born, people.birth_day, NEVER)),
            "pers_upn_unknown": only(pl.Series(["UN1"] * n, dtype=pl.String), is_born & (rng.random(n) < 0.04)),
            "pers_send_flag": yes_no(rng.random(n) < np.where(people.is_disabled, 0.6, 0.04), is_born),
            "pers_expected_dob": dates(np.where(is_born, NEVER, expected)),
            "pers_death_date": dates(death),
            "pers_is_mother": yes_no(np.zeros(n, bool)),
            "pers_nationality": only(pl.Series(["GB"] * n, dtype=pl.String), rng.random(n) < 0.15),
        }
    )


def _mothers(case: Case, which: Ints) -> pl.DataFrame:
    nothing = pl.Series([None] * len(which), dtype=pl.String)
    female = pl.Series(["F"] * len(which), dtype=pl.String)
    no_day = np.full(len(which), NEVER)
    return pl.DataFrame(
        {
            "pers_person_id": case.persons(case.people.n + which),
            "pers_sex": female,
            "pers_gender": female,
            "pers_ethnicity": nothing,
            "pers_dob": dates(case.people.mother_birth_day[which]),
            "pers_upn_unknown": nothing,
            "pers_send_flag": nothing,
            "pers_expected_dob": dates(no_day),
            "pers_death_date": dates(no_day),
            "pers_is_mother": yes_no(np.ones(len(which), bool)),
            "pers_nationality": nothing,
        }
    )


def _families(case: Case, has_mother: Flags, rng: np.random.Generator) -> pl.DataFrame:
    is_kept = rng.random(case.people.n_families) < FAMILY_RECORDED
    is_kept[case.people.family[case.people.arrives >= 0]] = False
    family_ids = ids(case.people.n_families, first=200411, width=7)
    mothers = np.nonzero(is_kept & has_mother)[0]
    children = np.nonzero(is_kept[case.people.family])[0]
    family = np.concatenate([case.people.family[children], mothers])
    person = np.concatenate([children, case.people.n + mothers])
    order = np.argsort(family, kind="stable")
    return pl.DataFrame(
        {
            "fami_table_id": ids(len(order), first=1),
            "fami_family_id": family_ids.gather(family[order]),
            "fami_person_id": case.persons(person[order]),
        }
    )


def _motherhood(case: Case, has_mother: Flags) -> pl.DataFrame:
    is_born = case.people.birth_day <= case.months.until
    children = np.nonzero(has_mother[case.people.family] & is_born)[0]
    return pl.DataFrame(
        {
            "moth_table_id": ids(len(children), first=1),
            "moth_person_id": case.persons(case.people.n + case.people.family[children]),
            "moth_childs_person_id": case.persons(children),
            "moth_childs_dob": dates(case.people.birth_day[children]),
        }
    )


def _disabilities(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    disabled = np.nonzero(case.people.is_disabled & (case.people.birth_day <= case.months.until))[0]
    child = np.sort(np.concatenate([disabled, disabled[rng.random(len(disabled)) < 0.3]]))
    coded = pl.DataFrame({"disa_person_id": case.persons(child), "code": drawn(rng, DISABILITY_SHARES, len(child))})
    once = coded.unique(maintain_order=True)
    return pl.DataFrame(
        {
            "disa_table_id": ids(once.height, first=1),
            "disa_person_id": once["disa_person_id"],
            "disa_disability_code": once["code"],
        }
    )


def _addresses(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    """Write where families lived: those with fewer strengths move more often."""
    people, months = case.people, case.months
    first = np.unique(people.family, return_index=True)[1]
    expected = 0.9 * np.exp(-0.45 * (people.base_strength[first] - 1) + 0.12 * people.base[first])
    n_moves = np.minimum(rng.poisson(expected), MOST_MOVES)
    moved = rng.integers(months.start - 700, months.until - 30, (people.n_families, MOST_MOVES))
    moved[np.arange(MOST_MOVES)[None, :] >= n_moves[:, None]] = NEVER
    begins = np.concatenate([np.zeros((people.n_families, 1), np.int64), np.sort(moved, axis=1)], axis=1)
    ends = np.concatenate([begins[:, 1:], np.full((people.n_families, 1), NEVER)], axis=1)
    stays = begins, ends
    lives_here = (people.birth_day <= months.until) & (people.arrives < 0)
    starts = np.maximum(begins[people.family], people.birth_day[:, None])
    gone = _gone_days(case)[:, None]
    ends = np.where(ends[people.family] > gone, gone, ends[people.family])
    child, part = np.nonzero((starts < ends) & (starts <= months.until) & lives_here[:, None])
    homes = homes_of(case, stays, (people.family[child], part), _postcodes(case, rng))
    return pl.DataFrame(
        {
            "addr_table_id": ids(len(child), first=1),
            "addr_address_json": homes.text,
            "addr_person_id": case.persons(child),
            "addr_address_type": pl.Series(["Home"] * len(child), dtype=pl.String),
            "addr_address_start_date": dates(starts[child, part]),
            "addr_address_end_date": dates(ends[child, part]),
            "addr_address_postcode": homes.postcode,
        }
    )


def _gone_days(case: Case) -> Ints:
    """Give the day on which each child was gone: grown up, adopted, moved away or dead; `NEVER` while here."""
    is_gone = case.lives.state == State.GONE
    month = is_gone.argmax(axis=1)
    day = case.lives.day[np.arange(case.people.n), month].astype(np.int64)
    return np.where(is_gone.any(axis=1), day, NEVER)


def _postcodes(case: Case, rng: np.random.Generator) -> pl.Series:
    """Draw a postcode for each home of each family; poorer families live in districts of higher number."""
    n = case.people.n_families * (MOST_MOVES + 1)
    letters = list("ABDEFGHJLN")
    parts = [
        pl.Series([case.profile.postcode_area] * n, dtype=pl.String),
        pl.Series(np.repeat(case.people.deprivation, MOST_MOVES + 1)).cast(pl.String),
        pl.Series(_sectors(case, rng)).cast(pl.String),
        chosen(letters, rng.integers(0, 10, n)),
        chosen(letters, rng.integers(0, 10, n)),
    ]
    return pl.select(pl.concat_str(parts)).to_series()


def _sectors(case: Case, rng: np.random.Generator) -> Ints:
    """Draw the sector of each home: any of nine, unless it was planted where some families live."""
    per_family = (case.people.n_families, MOST_MOVES + 1)
    sector = rng.integers(1, MARKED_SECTOR + 1, per_family)
    if "proxy" in case.profile.planted:
        is_marked = np.zeros(case.people.n_families, bool)
        is_marked[case.people.family] = case.people.is_marked
        there = rng.random(per_family) < case.profile.planted["proxy"]
        elsewhere = rng.integers(1, MARKED_SECTOR, per_family)
        sector = np.where(is_marked[:, None], np.where(there, MARKED_SECTOR, elsewhere), sector)
    return sector.ravel()


def record_people(case: Case) -> dict[str, pl.DataFrame]:
    """Write the tables of who people are."""
    rng = case.draws("record people")
    comes_alone = np.zeros(case.people.n_families, bool)
    comes_alone[case.people.family[case.people.arrives >= 0]] = True
    has_mother = (rng.random(case.people.n_families) < MOTHER_RECORDED) & ~comes_alone
    persons = [_children(case, rng), _mothers(case, np.nonzero(has_mother)[0])]
    return {
        "ssd_person": pl.concat(persons).sort("pers_person_id"),
        "ssd_family": _families(case, has_mother, rng),
        "ssd_mother": _motherhood(case, has_mother),
        "ssd_disability": _disabilities(case, rng),
        "ssd_address": _addresses(case, rng),
    }
