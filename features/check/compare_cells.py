"""Which cells of rows that two extracts share differ on one and the same day.

Knows contracts, no table by name. Only what both knew of that day is compared, so that an end that came later is no
change, while an end that was written in later for a day before is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.compare_counts import Counted, count
from features.check.compare_rows import ALIKE, PLACE, PLACE_NOW, SINCE

if TYPE_CHECKING:
    from features.check.compare_rows import Layout

# Codes that say that nothing is recorded: to ask a child later and write the answer down is to fill in, not to change.
NOT_RECORDED: dict[str, tuple[str, ...]] = {"pers_ethnicity": ("NOBT", "REFU"), "pers_sex": ("U",)}

NOW = "__now"


def cell_changes(
    before: pl.DataFrame, now: pl.DataFrame, pairs: pl.DataFrame, *, layout: Layout
) -> tuple[list[dict[str, Any]], Counted]:
    """Count the cells that differ, column by column.

    Parameters
    ----------
    before, now
        What each extract knew of the day, see `compare_rows.known_on`.
    pairs
        Which rows are the same, see `compare_rows.match`.
    layout
        Of the table.

    Returns
    -------
    tuple
        One entry per column in which anything differs: `filled_late` (nothing was there, now something is that should
        have been known), `changed` (another value), `vanished` (no value any more), `completed` (became known after the
        day: as it should be). And how many rows have any difference but the last.
    """
    both = _side_by_side(before, now, pairs, layout=layout)
    whose = str(layout.whose)
    told = []
    for name in layout.compared:
        counted = {how: _where(both, where, whose) for how, where in _how(name, layout).items()}
        if any(part.n_rows for part in counted.values()):
            told.append({"column": name, **{how: part.told for how, part in counted.items()}})
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}{NOW}")) for name in layout.compared)
    return told, _where(both, differs, whose)


def _where(rows: pl.DataFrame, where: pl.Expr, whose: str) -> Counted:
    return count(rows.lazy().filter(where).select(whose).collect(), whose)


def _side_by_side(before: pl.DataFrame, now: pl.DataFrame, pairs: pl.DataFrame, *, layout: Layout) -> pl.DataFrame:
    """Put the rows that differ or were completed beside each other, the later extract's under `NOW` and `SINCE`."""
    names = dict.fromkeys([PLACE, str(layout.whose), *layout.compared])
    since = [f"{name}{SINCE}" for name in layout.known_later]
    left = _unfilled(before.select(*names))
    right = _unfilled(now).select(pl.col(PLACE).alias(PLACE_NOW), pl.col(layout.compared).name.suffix(NOW), *since)
    completed = now.filter(
        pl.any_horizontal(_came_later(name, name) for name in layout.known_later) if since else False
    )
    telling = pairs.filter(~pl.col(ALIKE) | pl.col(PLACE_NOW).is_in(completed[PLACE].implode()))
    return telling.join(left, on=PLACE, how="inner").join(right, on=PLACE_NOW, how="inner")


def _came_later(name: str, now: str) -> pl.Expr:
    return pl.col(now).is_null() & pl.col(f"{name}{SINCE}").is_not_null()


def _unfilled(frame: pl.DataFrame) -> pl.DataFrame:
    stated = {name: codes for name, codes in NOT_RECORDED.items() if name in frame.columns}
    return frame.with_columns(
        pl.when(~pl.col(name).is_in(codes)).then(pl.col(name)).alias(name) for name, codes in stated.items()
    )


def _how(name: str, layout: Layout) -> dict[str, pl.Expr]:
    before, now = pl.col(name), pl.col(f"{name}{NOW}")
    came_later = _came_later(name, f"{name}{NOW}") if name in layout.known_later else pl.lit(False)
    return {
        "filled_late": before.is_null() & now.is_not_null(),
        "changed": before != now,
        "vanished": before.is_not_null() & now.is_null(),
        "completed": before.is_null() & came_later,
    }
