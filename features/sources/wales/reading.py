"""Welsh returns in our own layout: children receiving care and support, and children looked after, as CSV.

A row of the first holds a referral with up to one plan, one time on the register and one assessment; where there were
more, further rows repeat the referral's day. A row of the second is an episode of care. `layouts/wales.csv` says which
column is what. Factors are coarse: each is mapped only to a code of the English list that means the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.sources.care_episodes import ENTERED, PERSON, START, care_tables, numbered
from features.sources.care_episodes import TABLES as CARE_TABLES
from features.sources.days import day_of
from features.sources.raw import Kind, RawTables, few
from features.sources.wales.factors import count_coarse, factors_of
from features.sources.wales.layout import CARE_AND_SUPPORT, CHILD, LOOKED_AFTER, Asked, layout, plain_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["from_returns", "recognise_return"]

NEEDED_TO_TELL = 2
"""How many columns that the other return lacks must be there beside the child's id."""


@dataclass(frozen=True)
class Within:
    """A table whose rows lie within a referral.

    Parameters
    ----------
    table, person, key, letter
        Its name, the column that says whose row it is, its key, and the letter the key is made with.
    referral
        The column that names the referral; empty for referrals themselves.
    """

    table: str
    person: str
    key: str
    letter: str
    referral: str = ""


REFERRAL = Within("ssd_cin_episodes", "cine_person_id", "cine_referral_id", "r")
WITHIN = (
    REFERRAL,
    Within("ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_id", "p", "cinp_referral_id"),
    Within("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_id", "g", "cppl_referral_id"),
    Within("ssd_cin_assessments", "cina_person_id", "cina_assessment_id", "a", "cina_referral_id"),
)
CAN_HOLD: frozenset[str] = frozenset(
    {"ssd_person", "ssd_disability", "ssd_assessment_factors", "ssd_immigration_status", *CARE_TABLES}
    | {within.table for within in WITHIN}
)

CANNOT_GIVE: tuple[str, ...] = (
    "The layout of both returns is our own: no public layout of the Welsh files was found. What it leaves out can be "
    "added to it, in `features/sources/layouts/wales.csv`, where the standard has a column for it.",
    "Contacts and early help are not asked: who came to the front door without a referral is not seen.",
    "Nine factors are asked. Any other factor of an assessment, such as exploitation, going missing or neglect, was "
    "not asked and looks as if it was not found: no indicator of it may be trusted here.",
    "Where alcohol and drugs are not told apart, a yes cannot be read: no code says one of the two.",
    "Enquiries, conferences, visits, reviews and what families said are not asked: the way to the register, visits "
    "kept and taking part are unknown. Of the register only its first category is read.",
    "Reviews, questionnaires, missing times, health, leavers and workers of looked-after children are not asked.",
    "No mother, family or address is named: siblings and moves are unknown.",
)


def recognise_return(headers: list[str]) -> str | None:
    """Tell which return a file is, by its headers alone.

    Parameters
    ----------
    headers
        In lower case; blanks and underscores are the same.

    Returns
    -------
    str or None
        `care_and_support` or `looked_after`; None without the child's id and two columns that the other return lacks.

    Examples
    --------
    >>> recognise_return(["child_id", "episode start date", "legal_status"])
    'looked_after'
    >>> recognise_return(["child", "decom", "legal_status"]) is None
    True
    """
    given = {plain_header(header) for header in headers}
    names = {kind: {asked.name for asked in columns} for kind, columns in layout().items()}
    other = {CARE_AND_SUPPORT: LOOKED_AFTER, LOOKED_AFTER: CARE_AND_SUPPORT}
    n_own, kind = max((len(given & (names[kind] - names[other[kind]])), kind) for kind in names)
    return kind if CHILD in given and n_own >= NEEDED_TO_TELL else None


def from_returns(files: Mapping[str, pl.DataFrame]) -> RawTables:
    """Turn the returns into tables of the standard.

    Parameters
    ----------
    files
        By file name; all String, headers in lower case.

    Returns
    -------
    RawTables
        A return that is not there leaves its tables out.
    """
    problems: list[str] = []
    told: list[str] = []
    held = dict(_sorted_out(files, problems))
    if not held and not problems:
        problems.append("neither a care and support return nor a looked-after return was recognised by its headers")
    tables = {"ssd_person": _people(held, told)} if held else {}
    if CARE_AND_SUPPORT in held:
        tables |= _of_care_and_support(held[CARE_AND_SUPPORT], told)
    if LOOKED_AFTER in held:
        tables |= _of_looked_after(held[LOOKED_AFTER], told)
    return RawTables(
        Kind.wales,
        tables,
        unread=tuple(name for name, frame in files.items() if recognise_return(frame.columns) is None),
        problems=tuple(problems),
        can_hold=CAN_HOLD,
        cannot_give=CANNOT_GIVE,
        told=tuple(told),
    )


def _sorted_out(files: Mapping[str, pl.DataFrame], problems: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give each return that can be used, every column of the layout there; say of the others why not."""
    taken: set[str] = set()
    for name, frame in files.items():
        kind = recognise_return(frame.columns)
        if kind is None:
            continue
        headers = [plain_header(column) for column in frame.columns]
        lacking = [asked.name for asked in layout()[kind] if asked.is_needed and asked.name not in headers]
        problems += [f"{name}: the column {column} is missing; `{kind}` always needs it" for column in lacking]
        if len(set(headers)) < len(headers):
            problems.append(f"{name}: two columns have the same name but for blanks and underscores")
        elif kind in taken:
            problems.append(f"{name}: holds `{kind}`, which another file holds too")
        elif not lacking:
            yield kind, _complete(frame.rename(dict(zip(frame.columns, headers, strict=True))), kind)
        taken.add(kind)


def _complete(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Give every column of the layout, missing where the file lacks it; ids without blanks around."""
    lacking = [pl.lit(None, pl.String).alias(asked.name) for asked in layout()[kind] if asked.name not in frame.columns]
    return frame.with_columns(*lacking, pl.col(CHILD).str.strip_chars())


def _cells(kind: str, table: str) -> list[pl.Expr]:
    """Give the columns that a return has of a table, under the standard's names, its own words made codes."""
    return [_coded(asked).alias(asked.ssd_column) for asked in layout()[kind] if asked.table == table]


def _coded(asked: Asked) -> pl.Expr:
    cell = pl.col(asked.name)
    if not asked.values:
        return cell
    return cell.str.strip_chars().str.to_uppercase().replace_strict(dict(asked.values), default=cell)


def _people(held: Mapping[str, pl.DataFrame], told: list[str]) -> pl.DataFrame:
    """Give one row a child, of each column the first that is said; count those of whom two births are said."""
    said = pl.concat([held[kind].select(_cells(kind, "ssd_person")) for kind in sorted(held)], how="diagonal")
    born = said.select("pers_person_id", day=day_of(pl.col("pers_dob"))).drop_nulls().unique()
    n_clash = born.group_by("pers_person_id").len().filter(pl.col("len") > 1).height
    if n_clash:
        told.append(f"{few(n_clash)} children have more than one day of birth; the first that is written is kept")
    one_each = said.drop_nulls("pers_person_id").group_by("pers_person_id", maintain_order=True)
    return one_each.agg(pl.all().drop_nulls().first())


def _of_care_and_support(frame: pl.DataFrame, told: list[str]) -> dict[str, pl.DataFrame]:
    count_coarse(frame, told)
    factors = factors_of(frame, told)
    referrals = frame.select(CHILD, "referral_date").unique(keep="first", maintain_order=True)
    numbers = referrals.with_columns(referral=_key(REFERRAL.letter))
    rows = frame.with_columns(factors).join(
        numbers, on=[CHILD, "referral_date"], how="left", nulls_equal=True, maintain_order="left"
    )
    tables = {within.table: _rows_within(rows, within) for within in WITHIN}
    assessed = tables["ssd_cin_assessments"]
    found = assessed.select(cinf_assessment_id="cina_assessment_id", cinf_assessment_factors_json=factors.name)
    return {
        **tables,
        "ssd_cin_assessments": assessed.drop(factors.name),
        "ssd_assessment_factors": found.drop_nulls(),
        "ssd_disability": _disabilities(frame),
    }


def _key(letter: str) -> pl.Expr:
    count = pl.int_range(1, pl.len() + 1).over(CHILD)
    return pl.format("{}-{}{}", pl.col(CHILD).fill_null(""), pl.lit(letter), count)


def _as_told_once(name: str) -> pl.Expr:
    """Complete what a further row of a referral leaves empty; what two rows tell differently stays as it is."""
    told = pl.col(name).drop_nulls().first().over(CHILD, "referral")
    return pl.when(pl.col("has_referral") & pl.col(name).is_null()).then(told).otherwise(name).alias(name)


def _rows_within(rows: pl.DataFrame, within: Within) -> pl.DataFrame:
    """Take each row's part of one table once, however often the referral's row was repeated."""
    cells = _cells(CARE_AND_SUPPORT, within.table)
    asked = [cell.meta.output_name() for cell in cells]
    if within.table == "ssd_cin_assessments":
        cells.append(pl.col("factors"))
        asked.append("factors")
    has_date = pl.col("referral_date").is_not_null()
    said = rows.select(CHILD, pl.col("referral"), *cells, has_referral=has_date)
    if not within.referral:
        said = said.with_columns(_as_told_once(name) for name in asked)
    once = said.filter(pl.any_horizontal(pl.col(asked).is_not_null())).unique(keep="first", maintain_order=True)
    if not within.referral:
        return once.drop("has_referral").rename({CHILD: within.person, "referral": within.key})
    referral = pl.when(pl.col("has_referral")).then("referral").alias(within.referral)
    return once.select(pl.col(CHILD).alias(within.person), _key(within.letter).alias(within.key), referral, *asked)


def _disabilities(frame: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each code of a child; a bare yes is a disability of unknown kind."""
    asked = next(asked for asked in layout()[CARE_AND_SUPPORT] if asked.table == "ssd_disability")
    codes = frame.select(CHILD, pl.col(asked.name).str.split(";")).drop_nulls().explode(asked.name)
    said = codes.select(CHILD, pl.col(asked.name).str.strip_chars()).filter(pl.col(asked.name) != "")
    coded = said.select(disa_person_id=CHILD, code=_coded(asked)).unique(maintain_order=True)
    is_bare = pl.col("code").str.to_uppercase().is_in(["YES", "Y", "1", "TRUE", "IE", "OES", "YDY"])
    return coded.select("disa_person_id", pl.when(~is_bare).then("code").alias(asked.ssd_column))


def _of_looked_after(frame: pl.DataFrame, told: list[str]) -> dict[str, pl.DataFrame]:
    cells = [cell for table in CARE_TABLES for cell in _cells(LOOKED_AFTER, table)]
    alone = [cell.alias("alone") for cell in _cells(LOOKED_AFTER, "ssd_immigration_status")]
    episodes = numbered(frame.select(pl.col(CHILD).alias(PERSON), *cells, *alone))
    return {**care_tables(episodes), "ssd_immigration_status": _unaccompanied(episodes, told)}


def _unaccompanied(episodes: pl.DataFrame, told: list[str]) -> pl.DataFrame:
    """Let an unaccompanied child's status begin with the first episode of care: the return has no other day."""
    asked = next(asked for asked in layout()[LOOKED_AFTER] if asked.table == "ssd_immigration_status")
    alone = episodes.filter(pl.col("alone").is_in(list(asked.values.values()))).group_by(PERSON, maintain_order=True)
    first = alone.agg(since=pl.coalesce(ENTERED, START).first(), status=pl.col("alone").first())
    if first.height:
        told.append(f"{few(first.height)} unaccompanied children: the status is taken to begin when care began")
    return first.select(
        pl.format("{}-u1", pl.col(PERSON).fill_null("")).alias("immi_immigration_status_id"),
        immi_person_id=PERSON,
        immi_immigration_status="status",
        immi_immigration_status_start_date="since",
        immi_immigration_status_end_date=pl.lit(None, pl.String),
    )
