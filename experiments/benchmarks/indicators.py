"""What indicators cost as an authority grows, beside forty of them in plain pandas: `make bench-indicators`.

Each begins with validated Parquet and a process of its own, and ends with a matrix in memory; reading is counted,
imports are not. The forty are counted for every person of the authority, by both, so that both give the same table; all
indicators are counted for every person too, and as of twelve quarter ends for those who could have been scored. That
both count the same is looked at first. Only the ratios and the growth mean anything on another machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import Console

from experiments.benchmarks import indicators_pandas as peer
from experiments.benchmarks.indicators_authority import LAST_DAY, TILED_FROM, validated
from experiments.benchmarks.indicators_report import draw, table
from experiments.benchmarks.measure import compare
from experiments.benchmarks.simulation_plot import exponent
from features.as_of import views_as_of
from features.cohort import CohortRule
from features.days import day_number
from features.engines.polars_engine import IN_MEMORY, STREAMING
from features.indicators.catalogue import CATALOGUE, by_name
from features.indicators.matrix import build_matrices, matrices_as_of
from features.tables.kept import open_kept
from features.vocabulary.home import keep_libraries_at_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from experiments.benchmarks.measure import Prepared

SIZES = (10_000, 30_000, 100_000, 1_000_000)
REPEATS, REPEATS_LARGE = 5, 3
# Beyond this all are counted in batches, twelve days are left out, and there are fewer runs: it would take an hour.
LARGE = 300_000
RESULTS = Path(__file__).parent / "results" / "indicators"
RULE = CohortRule(contact_within_days=90, age_below=18, statuses=("early_help", "child_in_need"))
QUARTERS = tuple(
    date(year, month, day) for year in (2022, 2023, 2024) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
)
FORTY = (
    "contacts_last_3_months",
    "contacts_last_12_months",
    "police_contacts_last_12_months",
    "school_contacts_last_12_months",
    "health_contacts_last_12_months",
    "referrals_last_12_months",
    "referrals_last_24_months",
    "referrals_closed_without_action_last_24_months",
    "cases_closed_no_longer_in_need_last_24_months",
    "early_help_episodes_last_24_months",
    "days_of_early_help_last_12_months",
    "assessments_last_24_months",
    "s47_enquiries_last_12_months",
    "s47_enquiries_last_24_months",
    "conferences_without_plan_last_24_months",
    "child_protection_plans_ended_last_24_months",
    "days_on_child_protection_plan_last_24_months",
    "days_on_child_in_need_plan_last_24_months",
    "days_looked_after_last_24_months",
    "unplanned_returns_home_last_24_months",
    "planned_returns_home_last_24_months",
    "missing_episodes_last_12_months",
    "addresses_begun_last_12_months",
    "addresses_begun_last_24_months",
    "share_of_visits_child_seen_last_12_months",
    "share_of_visits_child_seen_alone_last_12_months",
    "days_since_latest_contact",
    "days_since_latest_police_contact",
    "days_since_latest_referral",
    "days_at_latest_address",
    *peer.FOUND,
)


def forty_of_ours(folder: str, *, days: tuple[date, ...]) -> Prepared:
    """Prepare the forty of every person as of each day."""

    def work() -> list[pl.DataFrame]:
        records = open_kept(Path(folder), engine=IN_MEMORY, extract_day=LAST_DAY)
        people = _everyone(folder)
        return build_matrices(
            views_as_of(records, days), [people] * len(days), indicators=[by_name(name) for name in FORTY]
        )

    return work


def forty_of_pandas(folder: str, *, days: tuple[date, ...]) -> Prepared:
    """Prepare the same forty in pandas."""

    def work() -> list[Any]:
        tables = peer.read(Path(folder))
        return [peer.forty(tables, day_number(day)) for day in days]

    return work


def all_of_everyone(folder: str, *, is_streaming: bool) -> Prepared:
    """Prepare all indicators of every person as of the last day."""

    def work() -> pl.DataFrame:
        records = open_kept(Path(folder), engine=STREAMING if is_streaming else IN_MEMORY, extract_day=LAST_DAY)
        return build_matrices(views_as_of(records, [LAST_DAY]), [_everyone(folder)])[0]

    return work


def all_of_quarters(folder: str) -> Prepared:
    """Prepare all indicators as of twelve quarter ends, of those who could have been scored on each."""

    def work() -> int:
        records = open_kept(Path(folder), engine=IN_MEMORY, extract_day=LAST_DAY)
        return sum(matrix.height for matrix, _ in matrices_as_of(records, days=QUARTERS, rule=RULE))

    return work


def agree(folder: str) -> bool:
    """Whether both count the same of everybody, on the first and the last of the days."""
    for day in (QUARTERS[0], LAST_DAY):
        ours = forty_of_ours(folder, days=(day,))()[0].sort("child_id")
        theirs = pl.from_pandas(forty_of_pandas(folder, days=(day,))()[0].rename_axis("child_id").reset_index())
        compared = theirs.sort("child_id").select("child_id", *(pl.col(name).cast(ours.schema[name]) for name in FORTY))
        for name in ("child_id", *FORTY):
            if not ours[name].equals(compared[name], null_equal=True):
                raise AssertionError(f"{name}: ours and pandas differ as of {day}")
    return True


def _everyone(folder: str) -> pl.DataFrame:
    people = pl.read_parquet(Path(folder) / "ssd_person.parquet", columns=["pers_person_id"])
    return people.select(child_id="pers_person_id", family_id=pl.lit(None, pl.String))


def measure(children: int, folder: Path) -> dict[str, float]:
    """Measure everything on one authority.

    Returns
    -------
    dict of str to float
        Seconds end in `_seconds`, memory in `_mebibytes`.
    """
    place = validated(children, folder)
    is_large = children > LARGE
    contenders: dict[str, Callable[[str], Prepared]] = {
        "ours_40_one_day": partial(forty_of_ours, days=(LAST_DAY,)),
        "pandas_40_one_day": partial(forty_of_pandas, days=(LAST_DAY,)),
        "all_one_day": partial(all_of_everyone, is_streaming=is_large),
    }
    if not is_large:
        contenders |= {
            "ours_40_twelve_days": partial(forty_of_ours, days=QUARTERS),
            "pandas_40_twelve_days": partial(forty_of_pandas, days=QUARTERS),
            "all_twelve_days": all_of_quarters,
        }
    found = compare(contenders, str(place), repeats=REPEATS_LARGE if is_large else REPEATS)
    rows = sum(int(pl.scan_parquet(file).select(pl.len()).collect().item()) for file in place.glob("*.parquet"))
    return {
        "children": children,
        "rows": rows,
        **{f"{name}_seconds": round(cost.seconds, 3) for name, cost in found.items()},
        **{f"{name}_mebibytes": round(cost.mebibytes) for name, cost in found.items()},
        **{
            f"times_as_fast_{days}": round(found[f"pandas_40_{days}"].seconds / found[f"ours_40_{days}"].seconds, 2)
            for days in ("one_day", "twelve_days")
            if f"pandas_40_{days}" in found
        },
    }


def main() -> None:
    """Measure each size, print the table, write the figures and draw them."""
    parser = argparse.ArgumentParser(prog="make bench-indicators", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="children known to services")
    parser.add_argument("--out", type=Path, default=RESULTS, help="a path without ending: .json and .svg are written")
    asked = parser.parse_args()
    keep_libraries_at_home()
    sizes = sorted(set(asked.sizes))
    with tempfile.TemporaryDirectory() as folder:
        agree(str(validated(sizes[0], Path(folder))))
        lines = [measure(children, Path(folder)) for children in sizes]
    names = [name for name in lines[0] if name.endswith(("_seconds", "_mebibytes"))]
    found = {
        "n_indicators": len(CATALOGUE),
        "repeats": REPEATS,
        "repeats_large": REPEATS_LARGE,
        "tiled_from": TILED_FROM,
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            **{name: version(name) for name in ("polars", "narwhals", "pandas")},
        },
        "sizes": lines,
        "growth_exponents": {name: exponent([line for line in lines if name in line], name) for name in names},
    }
    asked.out.with_suffix(".json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    draw(found, asked.out.with_suffix(".svg"))
    Console().print(table(found))


if __name__ == "__main__":
    main()
