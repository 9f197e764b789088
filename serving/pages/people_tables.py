"""How decisions stand to the score, as tables for a page: a number never stands without its count and interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serving.pages.audit_tables import NAMES, cell, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHARES: dict[str, str] = {
    "agreement": "As the score alone",
    "override_up": "Help, though not near the top",
    "override_down": "No further action, though near the top",
    "more_information": "More information asked for",
    "decided": "Near the top: decided on",
}
GAPS: dict[str, str] = {
    "near_the_top": "Near the top: the score alone would offer",
    "offered": "Help offered, kept or referred: people did",
}
"""Measures of the two kinds of tables, in few words; `words` of the answer says each in full."""

AFTERWARDS: dict[str, str] = {
    "escalated_near_the_top_helped": "Near the top, help",
    "escalated_override_down": "Near the top, no further action",
    "escalated_override_up": "Not near the top, help",
    "escalated_elsewhere_ended": "Not near the top, no further action",
}
NAMES_HERE: dict[str, str] = {**NAMES, "role": "Role of who decided"}

Entry = dict[str, Any]


@dataclass(frozen=True)
class FiguresTable:
    """One table: what its columns are called, and for each row its name and its figures in words."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def tables_of_shares(shares: Sequence[Entry], columns: Mapping[str, str]) -> tuple[FiguresTable, ...]:
    """Make a table for everybody and one for each attribute, a column for each measure.

    Parameters
    ----------
    shares
        Entries of the answer; of a group without a measure the cell says so.
    columns
        Measures and what a column is called.
    """
    by_place = {(each["attribute"], each["group"], each["measure"]): each for each in shares}
    attributes = dict.fromkeys(each["attribute"] for each in shares if each["measure"] in columns)
    return tuple(
        FiguresTable(
            _name(attribute),
            tuple(columns.values()),
            tuple(
                (_group(attribute, group), tuple(_cell(by_place.get((attribute, group, name))) for name in columns))
                for group in _groups(shares, attribute)
            ),
        )
        for attribute in attributes
    )


def tables_of_gaps(shares: Sequence[Entry]) -> tuple[FiguresTable, ...]:
    """Make a table for each characteristic: what the score alone would do and what people did, and the gaps."""
    by_place = {(each["attribute"], each["group"], each["measure"]): each for each in shares}
    attributes = dict.fromkeys(each["attribute"] for each in shares if "gap" in each)
    columns = (*GAPS.values(), "The score's gap to everyone else", "People's gap", "People's gap less the score's")
    tables = []
    for attribute in attributes:
        rows = []
        for group in _groups(shares, attribute):
            near, offered = (by_place.get((attribute, group, name)) for name in GAPS)
            if near is None or offered is None:  # nobody decided on any child of the group
                continue
            gaps = (near["gap"], offered["gap"], offered["gap_beyond_the_score"])
            rows.append((_group(attribute, group), (_cell(near), _cell(offered), *map(points, gaps))))
        tables.append(FiguresTable(_name(attribute), columns, tuple(rows)))
    return tuple(tables)


def table_of_reasons(entries: Sequence[Entry], reasons: Mapping[str, str]) -> FiguresTable:
    """Count overrides by the reason given."""
    rows = []
    for each in entries:
        code, figure = each["group"], each["share"]
        name = "All overrides" if each["attribute"] is None else reasons.get(code, code or "not recorded")
        counted = f"{figure['n']:,}" if "n" in figure else cell(figure, is_share=True)
        rows.append((name, (counted, cell(figure, is_share=True))))
    return FiguresTable("Why people decided otherwise", ("Overrides", "Of these, more help"), tuple(rows))


def points(figure: Mapping[str, Any]) -> str:
    r"""Say a gap between two shares in percentage points.

    Examples
    --------
    >>> points({"value": -0.09, "low": -0.104, "high": -0.08})
    '\u22129 points (\u221210 to \u22128)'
    >>> points({"suppressed": True})
    'withheld'
    >>> points({"value": -0.001, "low": -0.02, "high": 0.004})
    '0 points (\u22122 to 0)'
    """
    if "value" not in figure:
        return cell(figure, is_share=True)
    value, low, high = (_whole(100 * figure[name]) for name in ("value", "low", "high"))
    return f"{value} points ({low} to {high})"


def _name(attribute: str | None) -> str:
    if attribute is None:
        return "Everybody"
    return NAMES_HERE.get(attribute, attribute.replace("_", " ").capitalize())


def _groups(shares: Sequence[Entry], attribute: str | None) -> list[str | None]:
    entries = [each for each in shares if each["attribute"] == attribute]
    return list(dict.fromkeys(each["group"] for each in sorted(entries, key=place_of)))


def _group(attribute: str | None, group: str | None) -> str:
    return "Everybody" if attribute is None else "not recorded" if group is None else group


def _whole(number: float) -> str:
    return "0" if round(number) == 0 else f"{number:+.0f}".replace("-", "\N{MINUS SIGN}")


def _cell(entry: Entry | None) -> str:
    """Say a share with its interval and of how many decisions."""
    if entry is None:
        return "not counted"
    figure = entry["share"]
    told = cell(figure, is_share=True)
    return f"{told} of {figure['n']:,}" if "n" in figure else told
