"""What the files of an SSDA903 set leave to be understood, prepared before their rows are taken.

Yearly answers get the year's last day; a review the period of care in which it was held; an unaccompanied child the
day since when; a care leaver's home and whether it is suitable are told apart; the two files on adoption are joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.care_episodes import PERSON, START, period_on
from features.sources.days import day_of
from features.sources.raw import few
from features.sources.ssda903.files import CHILD, FLAGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.sources.ssda903.year import Year

_YES = r"(?i)^\s*(?:a\)\s*)?(?:1|y|yes|true)\s*$"
_NO = r"(?i)^\s*(?:b\)\s*)?(?:0|n|no|false)\s*$"
_HOME = r"(?i)^\s*([A-Z])\s*[12]\s*$"
_SUITABLE = r"(?i)^\s*[A-Z]\s*([12])\s*$"
# Nothing is known where a leaver is not in touch; the return has a nought written then.
_NOT_KNOWN = "0"


def prepared(
    files: Mapping[str, pl.DataFrame], episodes: pl.DataFrame | None, *, year: Year, told: list[str]
) -> dict[str, pl.DataFrame]:
    """Give the files with the columns that `files` names beside the return's own.

    Parameters
    ----------
    files
        By the file's name in the set, every column there.
    episodes
        As `care_episodes.numbered` gives them; None where the set has none.
    year
        The collection year.
    told
        Gets a sentence for what was concluded and for what could not be read.
    """
    ready = dict(files)
    last = pl.lit(year.last_day.isoformat() if year.last_day else None, pl.String)
    if "reviews" in files:
        ready["reviews"] = _with_periods(files["reviews"], episodes)
    if "uasc" in files:
        ready["uasc"] = _with_beginnings(files["uasc"], episodes, told)
    if "oc2" in files:
        ready["oc2"] = _answers(files["oc2"].with_columns(year_end=last), told)
    if "oc3" in files:
        ready["oc3"] = _leavers(files["oc3"], last)
    if "ad1" in files or "placed_adoption" in files:
        ready["adoption"] = _adoption(files)
    _tell_of_days(files, year, told)
    return ready


def _with_periods(reviews: pl.DataFrame, episodes: pl.DataFrame | None) -> pl.DataFrame:
    if episodes is None:
        return reviews.with_columns(period=pl.lit(None, pl.String))
    days = reviews.select(CHILD, day=day_of(pl.col("review")))
    return reviews.with_columns(period=period_on(days, episodes))


def _with_beginnings(alone: pl.DataFrame, episodes: pl.DataFrame | None, told: list[str]) -> pl.DataFrame:
    """Let an unaccompanied child's status begin with the first episode of care: the return has no other day."""
    if episodes is None:
        began = alone.with_columns(since=pl.lit(None, pl.String))
    else:
        first = episodes.group_by(PERSON).agg(since=pl.col(START).sort_by("from", nulls_last=True).first())
        began = alone.join(first, left_on=CHILD, right_on=PERSON, how="left", maintain_order="left")
    n_without = began["since"].null_count()
    if began.height:
        told.append(
            f"{few(began.height)} unaccompanied children: the status is taken to begin with the first episode of care"
        )
    if n_without:
        told.append(f"{n_without} of them have no episode of care in the set, so that no day is known")
    return began


def _answers(oc2: pl.DataFrame, told: list[str]) -> pl.DataFrame:
    """Keep of each answer a yes, of immunisations a no as well; count what says neither."""
    is_yes = {name: pl.col(name).str.contains(_YES) for name in FLAGS}
    is_no = {name: pl.col(name).str.contains(_NO) for name in FLAGS}
    odd = oc2.select((~(is_yes[name] | is_no[name])).sum().alias(name) for name in FLAGS)
    n_odd = sum(odd.row(0))
    if n_odd:
        told.append(f"{n_odd} answers in `oc2` say neither yes (1) nor no (0) and count for nothing")
    kept = {name: pl.when(is_yes[name]).then(pl.col(name)) for name in FLAGS}
    kept["immunisations"] = pl.when(is_yes["immunisations"] | is_no["immunisations"]).then(pl.col("immunisations"))
    return oc2.with_columns(**kept)


def _leavers(oc3: pl.DataFrame, last: pl.Expr) -> pl.DataFrame:
    """Tell home and suitability apart; only who is in touch was heard of, by the year's last day at the latest."""
    said = pl.col("in_touch").str.strip_chars().str.to_uppercase()
    home = pl.coalesce(pl.col("accom").str.extract(_HOME), "accom")
    return oc3.with_columns(
        home=pl.when(pl.col("accom").str.strip_chars() != _NOT_KNOWN).then(home),
        suitable=pl.col("accom").str.extract(_SUITABLE),
        activity=pl.when(pl.col("activ").str.strip_chars() != _NOT_KNOWN).then("activ"),
        heard=pl.when(said.is_in(["YES", "Y", "1"])).then(last),
    )


def _adoption(files: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Join what is asked of adoption: who was adopted was so from the last of the placements for adoption."""
    own = {"ad1": ["date_int", "date_match", "foster_care"]}
    own["placed_adoption"] = ["date_placed", "date_placed_ceased", "reason_placed_ceased"]
    nothing = {kind: pl.DataFrame(schema=dict.fromkeys([CHILD, *names], pl.String)) for kind, names in own.items()}
    order = {"ad1": "date_int", "placed_adoption": "date_placed"}
    last_first = {
        kind: files.get(kind, nothing[kind])
        .select(CHILD, *own[kind], row=pl.int_range(pl.len()))
        .sort(day_of(pl.col(order[kind])), "row", descending=True, nulls_last=True)
        .with_columns(nth=pl.int_range(pl.len()).over(CHILD))
        .drop("row")
        for kind in own
    }
    joined = last_first["placed_adoption"].join(
        last_first["ad1"], on=[CHILD, "nth"], how="full", coalesce=True, nulls_equal=True
    )
    return joined.sort(CHILD, "nth", nulls_last=True)


def _tell_of_days(files: Mapping[str, pl.DataFrame], year: Year, told: list[str]) -> None:
    n_answers = sum(files[kind].height for kind in ("oc2", "oc3") if kind in files)
    if n_answers and year.last_day:
        told.append(
            f"{n_answers} rows of `oc2` and `oc3` have no day: what they say counts from {year.last_day:%d %B %Y}, the "
            "year's last day"
        )
    elif n_answers:
        told.append(f"{n_answers} rows of `oc2` and `oc3` have no day, and the set has none from which to tell it")
    if "dolo" in files and files["dolo"].height:
        told.append(f"{files['dolo'].height} rows of `dolo`: deprivation of liberty has no table here and is not read")
