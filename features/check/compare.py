"""Comparing two extracts of one authority: what appeared, vanished and changed in a past that both speak of.

Both are asked what was known on the earlier extract's day. Where their answers differ, an indicator computed today
*as of* that day is not what a worker could have known then: the leak that a single extract cannot show. Counts only.
Tables of nobody's (workers, teams, the population) are left out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from features.check.compare_cells import cell_changes
from features.check.compare_counts import Counted, count, rows_told, told_parts
from features.check.compare_rows import BY_KEY, PLACE, PLACE_NOW, Layout, known_on, match
from features.check.compare_words import comparison_notes, differs
from features.tables import CONTRACTS
from features.tables.draft import PERSON, RECORDED_ON

if TYPE_CHECKING:
    from features.tables.records import Records

# Upper bounds in days: a week, a month, a quarter, a year.
DELAYS = (7, 31, 91, 365)

NO_DAY = "The last day of one of the extracts cannot be told, so nothing is compared."
SWAPPED = (
    "The extract given as the earlier one reaches further than the other: were the two swapped? Nothing is compared."
)
SAME_DAY = "Both extracts reach to the same day, so the one given as the earlier one is not earlier."
NOT_ALIKE = (
    "Fewer than half of the people are in both extracts, so they do not look like two extracts of one authority (or "
    "ids are made anew for each extract). Nothing else is compared."
)


def compare(later: Records, earlier: Records) -> dict[str, Any]:
    """Say what two extracts of one authority tell differently of the days until the earlier one's.

    Parameters
    ----------
    later
        The extract that is checked.
    earlier
        One of the same authority, made before it.

    Returns
    -------
    dict
        Fit for JSON, in a fixed order and without a clock. A count is `n_rows` and `n_children`, or
        `{"suppressed": True}`. `tables` is empty where there is a problem that leaves nothing to compare.
    """
    people, is_alike = _people(later, earlier)
    problems = _problems(later, earlier, is_alike=is_alike)
    is_compared = problems in ([], [SAME_DAY])
    names = [name for name in CONTRACTS if Layout(name).whose is not None]
    both = [name for name in names if name in later.tables and name in earlier.tables]
    tables = [_table(later, earlier, Layout(name)) for name in both] if is_compared else []
    comparison = {
        "earlier_day": None if earlier.extract_day == date.max else earlier.extract_day.isoformat(),
        "later_day": None if later.extract_day == date.max else later.extract_day.isoformat(),
        "problems": problems,
        "people": people,
        "sum": _sum(tables),
        "tables": tables,
        "only_in_later": [name for name in names if name in later.tables and name not in both],
        "only_in_earlier": [name for name in names if name in earlier.tables and name not in both],
    }
    return {**comparison, "notes": comparison_notes(comparison)}


def _people(later: Records, earlier: Records) -> tuple[dict[str, Any], bool]:
    """Count the people in both extracts and in one alone, and say whether enough are in both."""
    now, before = (_ids(records) for records in (later, earlier))
    parts = {
        "in_both": before.join(now, on="id", how="semi"),
        "only_in_later": now.join(before, on="id", how="anti"),
        "only_in_earlier": before.join(now, on="id", how="anti"),
    }
    is_alike = 2 * parts["in_both"].height >= min(now.height, before.height) > 0
    counted = told_parts({name: count(frame, "id") for name, frame in parts.items()})
    return {name: part.get("n_children", part) for name, part in counted.items()}, is_alike


def _ids(records: Records) -> pl.DataFrame:
    people = records.tables.get(PERSON)
    return pl.DataFrame(schema={"id": pl.String}) if people is None else people.select(id="pers_person_id")


def _problems(later: Records, earlier: Records, *, is_alike: bool) -> list[str]:
    if date.max in (later.extract_day, earlier.extract_day):
        return [NO_DAY]
    days = [SWAPPED] if later.extract_day < earlier.extract_day else []
    days += [SAME_DAY] if later.extract_day == earlier.extract_day else []
    return days if is_alike else [*days, NOT_ALIKE]


def _table(later: Records, earlier: Records, layout: Layout) -> dict[str, Any]:
    """Compare one table as both extracts knew it on the earlier one's day."""
    day, whose = earlier.extract_day, str(layout.whose)
    before, now = (known_on(records, layout, day=day) for records in (earlier, later))
    pairs = match(before, now, layout)
    appeared = now.join(pairs, left_on=PLACE, right_on=PLACE_NOW, how="anti")
    vanished = before.join(pairs, on=PLACE, how="anti")
    unseen = _dated(later.tables[layout.table].with_row_index(PLACE), layout).join(now, on=PLACE, how="anti")
    same = list(dict.fromkeys([layout.key, whose]))
    moved = vanished.join(unseen, on=same, how="semi")
    gone = vanished.join(moved, on=PLACE, how="anti").with_columns(__why=_why_vanished(layout, later))
    appeared = appeared.with_columns(__why=_why_appeared(layout, earlier, before))
    parts = {
        **{f"appeared_{why}": _because(appeared, why, whose) for why in ("late", "older", "new_child")},
        "vanished_moved": count(moved, whose),
        **{f"vanished_{why}": _because(gone, why, whose) for why in ("deleted", "older", "left")},
    }
    columns, changed = cell_changes(before, now, pairs, layout=layout)
    late = appeared.filter(pl.col("__why") == "late")
    return {
        "table": layout.table,
        "is_dated": layout.event is not None,
        "says_when_entered": RECORDED_ON in later.tables[layout.table].columns,
        "is_renumbered": 2 * pairs[BY_KEY].sum() < pairs.height,
        "known": count(before, whose).told,
        "new": _new(unseen.join(moved, on=layout.key, how="anti"), whose),
        **{name: part.told for name, part in parts.items()},
        "late_by_delay": _by_delay(late, layout, day=day),
        "late_by_year": _by_year(late, layout),
        "changed": changed.told if changed.is_small or not _is_withheld(columns) else changed.rounded_down.told,
        "columns": columns,
    }


def _new(rows: pl.DataFrame, whose: str) -> dict[str, Any]:
    """Count rows of days after the earlier extract, in fives: with both extracts' sizes it would tell what vanished."""
    counted = count(rows, whose)
    return counted.told if counted.is_small else counted.rounded_down.told


def _because(rows: pl.DataFrame, why: str, whose: str) -> Counted:
    return count(rows.filter(pl.col("__why") == why), whose)


def _why_appeared(layout: Layout, earlier: Records, before: pl.DataFrame) -> pl.Expr:
    """Say why a row is only in the later extract.

    `new_child`: so is its child, who may have brought an older past along; `older`: the earlier extract did not reach
    back so far; else `late`: entered after the earlier extract, or changed so much that it is another row.
    """
    known = _ids(earlier)["id"]
    is_new = pl.col(str(layout.whose)).is_not_null() & ~pl.col(str(layout.whose)).is_in(known.implode())
    why = pl.when(is_new).then(pl.lit("new_child")).when(_is_older(layout, before)).then(pl.lit("older"))
    return why.otherwise(pl.lit("late"))


def _why_vanished(layout: Layout, later: Records) -> pl.Expr:
    """Say why a row is only in the earlier extract, and was not moved to a day after it.

    `older`: the later extract does not reach back so far; `left`: its child is gone with it; else `deleted`, or merged
    into another.
    """
    whose = pl.col(str(layout.whose))
    is_left = whose.is_not_null() & ~whose.is_in(_ids(later)["id"].implode())
    why = pl.when(_is_older(layout, later.tables[layout.table])).then(pl.lit("older"))
    return why.when(is_left).then(pl.lit("left")).otherwise(pl.lit("deleted"))


def _dated(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Leave out rows without a day, such as a review that is only due."""
    return frame if layout.event is None else frame.filter(pl.col(layout.event).is_not_null())


def _is_older(layout: Layout, reach: pl.DataFrame) -> pl.Expr:
    """Say whether a row lies before the first day of an extract, be its history cut by beginnings or by ends."""
    first = {name: reach[name].min() for name in (layout.event, layout.ending) if name is not None}
    before = [(pl.col(name) < day).fill_null(False) for name, day in first.items() if day is not None]
    return pl.any_horizontal(before) if before else pl.lit(False)


def _by_delay(late: pl.DataFrame, layout: Layout, *, day: date) -> list[dict[str, Any]]:
    """Say how long before the earlier extract's day the events lay that it did not have: a lower bound of the delay."""
    if layout.event is None:
        return []
    passed = (pl.lit(day) - pl.col(layout.event)).dt.total_days()
    bounds = [-1, *DELAYS]
    spans = {
        str(upto): count(late.filter((passed > bounds[i]) & (passed <= upto)), str(layout.whose))
        for i, upto in enumerate(DELAYS)
    }
    spans["longer"] = count(late.filter(passed > DELAYS[-1]), str(layout.whose))
    return [{"days_up_to": None if span == "longer" else int(span), **n} for span, n in told_parts(spans).items()]


def _by_year(late: pl.DataFrame, layout: Layout) -> list[dict[str, Any]]:
    if layout.event is None:
        return []
    by_year = late.with_columns(__year=pl.col(layout.event).dt.year()).partition_by("__year", as_dict=True)
    years = {str(year): count(rows, str(layout.whose)) for (year,), rows in sorted(by_year.items())}
    return [{"year": int(year), **n} for year, n in told_parts(years).items()]


def _is_withheld(columns: list[dict[str, Any]]) -> bool:
    return any("suppressed" in part for column in columns for part in column.values() if isinstance(part, dict))


def _sum(tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Add up what is told; what is withheld counts as none, so that no sum gives it away."""
    n = {
        name: sum(rows_told(table[part]) for table in tables for part in parts)
        for name, parts in {
            "n_known": ("known",),
            "n_changed": ("changed",),
            "n_vanished": ("vanished_deleted", "vanished_moved"),
            "n_late": ("appeared_late",),
        }.items()
    }
    touched = [t["table"] for t in tables if differs(t)]
    share = round((n["n_changed"] + n["n_vanished"]) / n["n_known"], 4) if n["n_known"] else None
    return {**n, "share_changed": share, "tables_touched": touched}
