"""The whole catalogue as of one day, beside the usual pandas way of a few of the same indicators.

The baseline filters by date and counts by child, once an indicator, as a notebook would. It knows nothing of what was
known when, of households or of missing tables, so it is the least that anyone could do.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from features.cohort import CohortRule
from features.indicators.catalogue import CATALOGUE
from features.indicators.matrix import matrix_as_of
from features.tables.load import load_records

if TYPE_CHECKING:
    from experiments.benchmarks.measure import Prepared

AS_OF = date(2024, 3, 31)
RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))

COUNTED = (
    ("contacts_last_3_months", "ssd_contacts", "cont_person_id", "cont_contact_date", 91),
    ("contacts_last_12_months", "ssd_contacts", "cont_person_id", "cont_contact_date", 365),
    ("referrals_last_12_months", "ssd_cin_episodes", "cine_person_id", "cine_referral_date", 365),
    ("referrals_last_24_months", "ssd_cin_episodes", "cine_person_id", "cine_referral_date", 730),
    ("missing_episodes_last_12_months", "ssd_missing", "miss_person_id", "miss_missing_episode_start_date", 365),
)
"""Name, table, person, date and window in days of what the baseline counts."""


def ours(folder: str) -> Prepared:
    """Prepare the whole catalogue."""
    records = load_records(Path(folder))
    return lambda: matrix_as_of(records, as_of=AS_OF, rule=RULE)[0]


def usual_pandas(folder: str) -> Prepared:
    """Prepare the counts of `COUNTED` in pandas, of every child."""
    import pandas as pd

    tables = {
        name: pd.DataFrame({column: frame[column].to_numpy() for column in frame.columns})
        for name, frame in load_records(Path(folder)).tables.items()
        if name in {table for _, table, _, _, _ in COUNTED}
    }

    def work() -> pd.DataFrame:
        columns = {}
        for name, table, person, day, window in COUNTED:
            events = tables[table]
            is_within = (events[day] <= pd.Timestamp(AS_OF)) & (
                events[day] > pd.Timestamp(AS_OF - timedelta(days=window))
            )
            columns[name] = events[is_within].groupby(person).size()
        return pd.DataFrame(columns).fillna(0)

    return work


def agree(folder: str) -> bool:
    """Whether both count the same for every child of the cohort."""
    matrix, counted = ours(folder)(), usual_pandas(folder)()
    return all(
        counted[name].get(child, 0) == value
        for name, *_ in COUNTED
        for child, value in zip(matrix["child_id"], matrix[name], strict=True)
    )


N_OURS, N_BASELINE = len(CATALOGUE), len(COUNTED)
