"""A comparison of two extracts in words, for a terminal and for the report's page. Knows no table by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.check.compare_counts import rows_told
from features.check.small_numbers import SMALLEST_COUNT

if TYPE_CHECKING:
    from collections.abc import Sequence

# So many tables fit on a screen beside the rest.
MOST_TABLES = 6

LOWER_BOUND = (
    "How late rows were entered is a lower bound: rows entered by then were in time, and what was entered later still "
    "is in neither extract."
)
MADE_ANEW = "Row numbers were made anew, so rows are told by child, day and words"
STAYS_UNSEEN = "Each row bears the day of its entry, so as of an earlier day the late ones stay unseen"
AS_EXTRACTED = "Without any day, so what differs counts as known on every day"

DIFFERING = ("changed", "vanished_deleted", "vanished_moved", "appeared_late")
"""The counts of a table that make what was known then read otherwise now."""


def comparison_lines(comparison: dict[str, Any]) -> list[str]:
    """Say a comparison in at most fifteen lines.

    Parameters
    ----------
    comparison
        As `compare` gives it.

    Returns
    -------
    list of str
        Problems first, then the sums, the tables with most differences, and what is worth knowing of them.
    """
    lines = [f"Comparison: {problem}" for problem in comparison["problems"]]
    if not comparison["tables"]:
        return lines
    return [
        *lines,
        *_sums(comparison),
        *_people(comparison["people"]),
        *_tables(comparison["tables"]),
        *comparison["notes"],
    ]


def comparison_notes(comparison: dict[str, Any]) -> list[str]:
    """Say what is worth knowing of the tables before their counts are read; needs all of a comparison but this."""
    tables = comparison["tables"]
    late = [t for t in tables if t["appeared_late"].get("n_rows") != 0]
    undated = [t for t in tables if not t["is_dated"] and differs(t)]
    dated_entries = [t["table"] for t in late if t["says_when_entered"]]
    return [
        *_named(MADE_ANEW, [t["table"] for t in tables if t["is_renumbered"]]),
        *_named(STAYS_UNSEEN, dated_entries),
        *_named(AS_EXTRACTED, [t["table"] for t in undated]),
        *_named("Only in the later extract", comparison["only_in_later"]),
        *_named("Only in the earlier extract", comparison["only_in_earlier"]),
        *([LOWER_BOUND] if any(t["is_dated"] for t in late) else []),
    ]


def differs(table: dict[str, Any]) -> bool:
    """Say whether anything of a table that was known then reads otherwise now; a count that is withheld is not none."""
    return any(table[part].get("n_rows") != 0 for part in DIFFERING)


def _count(told: dict[str, Any]) -> str:
    """Say a count for a cell of a table."""
    return f"fewer than {SMALLEST_COUNT} children" if "suppressed" in told else f"{told['n_rows']:,}"


def _sums(comparison: dict[str, Any]) -> list[str]:
    n = comparison["sum"]
    share = "" if n["share_changed"] is None else f" ({n['share_changed']:.2%})"
    first = (
        f"Of {n['n_known']:,} rows known on {comparison['earlier_day']}, {n['n_changed'] + n['n_vanished']:,}{share} "
        f"read otherwise now: {n['n_changed']:,} changed, {n['n_vanished']:,} vanished."
    )
    second = f"{n['n_late']:,} rows of days until then appeared since. Small counts are left out of these sums."
    return [first, second]


def _people(people: dict[str, Any]) -> list[str]:
    said = {name: "fewer than 5 or withheld" if isinstance(n, dict) else f"{n:,}" for name, n in people.items()}
    both, later, earlier = (said[name] for name in ("in_both", "only_in_later", "only_in_earlier"))
    return [f"People in both: {both}; only in the later extract: {later}; only in the earlier: {earlier}."]


def _tables(tables: Sequence[dict[str, Any]]) -> list[str]:
    """Say the tables with most differences; the report holds them all."""
    differing = sorted((t for t in tables if differs(t)), key=lambda t: (-_n_differing(t), t["table"]))
    said = [_table(t) for t in differing[:MOST_TABLES]]
    more = len(differing) - len(said)
    return [*said, f"  and {more} more tables: write the report with --json or --html to see them"] if more else said


def _table(table: dict[str, Any]) -> str:
    counts = {
        "changed": table["changed"],
        "vanished": table["vanished_deleted"],
        "moved to a later day": table["vanished_moved"],
        "appeared in the past": table["appeared_late"],
    }
    told = [f"{_count(n)} {what}" for what, n in counts.items() if n.get("n_rows") != 0]
    return f"  {table['table']}: {', '.join(told)}"


def _n_differing(table: dict[str, Any]) -> int:
    return sum(rows_told(table[part]) for part in DIFFERING)


def _named(what: str, names: Sequence[str]) -> list[str]:
    return [f"{what}: {', '.join(names)}."] if names else []
