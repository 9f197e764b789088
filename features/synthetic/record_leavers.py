"""What is recorded of young people who left care at 18: where they live and what they do, as last heard."""

from __future__ import annotations

import numpy as np
import polars as pl

from features.synthetic.cells import Case, chosen, dates, drawn, ids, is_one_of, only
from features.synthetic.lives import EIGHTEENTH_BIRTHDAY
from features.synthetic.states import LEAVERS, State

HAS_WORK = (State.LEAVER_SETTLED, State.LEAVER_WITHOUT_HOME)
HAS_HOME = (State.LEAVER_SETTLED, State.LEAVER_WITHOUT_WORK)
# Of care leavers 19 to 21: 6% in higher education, 6% whose occupation is not known (England 2025, DfE).
OCCUPATIONS = {"F1": 11, "F2": 36, "P2": 5, "F4": 12, "F5": 30, "P5": 6}
WITHOUT = {"G4": 35, "G5": 55, "G6": 10}
NOT_KNOWN = 0.058
SUITABLE = {"B": 14, "D": 30, "E": 8, "U": 30, "Z": 15, "K": 3}
UNSUITABLE = {"S": 25, "X": 35, "W": 10, "V": 12, "Y": 18}


def record_leavers(case: Case) -> dict[str, pl.DataFrame]:
    """Write one row for each young person of 18 to 21 who left care and is still supported on the last day."""
    rng = case.draws("record leavers")
    last = case.months.n - 1
    who = np.nonzero(is_one_of(LEAVERS)[case.lives.state[:, last]])[0]
    n, heard = len(who), case.months.until - rng.integers(0, 60, len(who))
    of_age = case.people.birth_day[who] + EIGHTEENTH_BIRTHDAY
    heard = np.maximum(heard, of_age)
    state = case.lives.state[who, np.minimum(case.months.month_of(heard.astype(np.int32)), last)]
    state = np.where(is_one_of(LEAVERS)[state], state, case.lives.state[who, last])
    works, lives = is_one_of(HAS_WORK)[state], is_one_of(HAS_HOME)[state]
    is_known = rng.random(n) >= NOT_KNOWN
    occupation = pl.when(pl.Series(works)).then(drawn(rng, OCCUPATIONS, n)).otherwise(drawn(rng, WITHOUT, n))
    home = pl.when(pl.Series(lives)).then(drawn(rng, SUITABLE, n)).otherwise(drawn(rng, UNSUITABLE, n))
    return {
        "ssd_care_leavers": pl.DataFrame(
            {
                "clea_table_id": ids(n, first=1),
                "clea_person_id": case.persons(who),
                "clea_care_leaver_eligibility": pl.Series(["Former Relevant"] * n, dtype=pl.String),
                "clea_care_leaver_in_touch": chosen(["NO", "YES"], is_known.astype(np.int64)),
                "clea_care_leaver_latest_contact": dates(heard),
                "clea_care_leaver_accommodation": only(pl.select(home).to_series(), is_known),
                "clea_care_leaver_accom_suitable": only(chosen(["2", "1"], lives.astype(np.int64)), is_known),
                "clea_care_leaver_activity": only(pl.select(occupation).to_series(), is_known),
                "clea_pathway_plan_review_date": dates(np.maximum(heard - rng.integers(0, 120, n), of_age)),
                "clea_care_leaver_personal_advisor": pl.Series(rng.integers(1200, 1240, n)).cast(pl.String),
                "clea_care_leaver_allocated_team": pl.Series(["Leaving Care"] * n, dtype=pl.String),
                "clea_care_leaver_worker_id": pl.Series(rng.integers(1200, 1240, n)).cast(pl.String),
            }
        )
    }
