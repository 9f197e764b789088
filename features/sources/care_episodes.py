"""From episodes of care, as the yearly returns hold them, to episodes, placements and legal statuses of the standard.

A return cuts a child's time in care wherever the home or the legal status changes, and names neither the period of
care nor the placement. Both are told here from the days and from why an episode began. Columns already have the
standard's names; cells stay as they were written, and days are read for comparing alone.
"""

from __future__ import annotations

import polars as pl

from features.sources.days import day_of

PERSON, START, END = "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"
REASON, ENTERED = "clae_cla_episode_start_reason", "clae_entered_care_date"
STATUS, HOME = "lega_legal_status", "clap_cla_placement_type"
BEGAN_CARE, LEGAL_CHANGE = "S", "L"

OF_EPISODE = (PERSON, START, REASON, "clae_cla_primary_need_code", END, "clae_cla_episode_ceased_reason", ENTERED)
OF_HOME_FIRST = (
    HOME,
    "clap_cla_placement_urn",
    "clap_cla_placement_distance",
    "clap_cla_placement_provider",
    "clap_cla_placement_postcode",
)
OF_HOME_LAST = "clap_cla_placement_change_reason"
READ = (*OF_EPISODE, STATUS, *OF_HOME_FIRST, OF_HOME_LAST)
"""Every column that is read, by the standard's name; one that the source lacks is all missing."""

TABLES = ("ssd_cla_episodes", "ssd_cla_placement", "ssd_legal_status")


def numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Say of each episode which period of care, which placement and which legal status it belongs to.

    A period goes on where an episode begins on the day on which the child's episode before ended and does not say that
    care began. A placement goes on within it where the legal status alone changed and the home is of the same type.

    Parameters
    ----------
    rows
        Text, with any of the columns of `READ`; one row an episode.

    Returns
    -------
    pl.DataFrame
        By child and day: the columns of `READ`, the keys `episode`, `period`, `placement` and `status`, the days `from`
        and `to`, and `row`, the place in the source.
    """
    lacking = [pl.lit(None, pl.String).alias(name) for name in READ if name not in rows.columns]
    days = {"from": day_of(pl.col(START)), "to": day_of(pl.col(END)), "row": pl.int_range(pl.len())}
    ordered = rows.with_columns(lacking).with_columns(**days).sort(PERSON, "from", "row", nulls_last=True)
    reason = pl.col(REASON).str.strip_chars().str.to_uppercase().str.extract(r"^(?:[A-Z]\)\s*)?([A-Z])\b")
    goes_on = pl.col(PERSON).eq_missing(pl.col(PERSON).shift(1)) & (pl.col("from") == pl.col("to").shift(1))
    is_new = (~goes_on | (reason == BEGAN_CARE).fill_null(False)).fill_null(True)
    same_home = (reason == LEGAL_CHANGE).fill_null(False) & pl.col(HOME).eq_missing(pl.col(HOME).shift(1))
    same_status = pl.col(STATUS).eq_missing(pl.col(STATUS).shift(1))
    told = ordered.with_columns(is_new=is_new, says_begun=(reason == BEGAN_CARE).fill_null(False))
    return told.with_columns(
        episode=_key("e", pl.col("row") >= 0),
        period=_key("p", pl.col("is_new")),
        placement=_key("h", pl.col("is_new") | ~same_home),
        status=_key("l", pl.col("is_new") | ~same_status),
    )


def _key(letter: str, is_first: pl.Expr) -> pl.Expr:
    """Make an id of the child's id, a letter and a count within the child."""
    count = is_first.cast(pl.Int64).cum_sum().over(PERSON)
    return pl.format("{}-{}{}", pl.col(PERSON).fill_null(""), pl.lit(letter), count)


def care_tables(episodes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Give episodes, placements and legal statuses.

    Parameters
    ----------
    episodes
        As `numbered` gives them.

    Returns
    -------
    dict of str to pl.DataFrame
        By table; nothing of a home or a legal status that the source leaves empty. When a child came into care is said
        where the source says it, or where the period's first episode says that care began; of a period that began
        before the source's first episode it is missing.
    """
    first = pl.when(pl.col("says_begun")).then(pl.col(START)).first()
    entered = pl.coalesce(pl.col(ENTERED).drop_nulls().first(), first).over("period")
    # A home of which nothing is said is no row that anything could point to.
    is_said = pl.any_horizontal(pl.col(*OF_HOME_FIRST, OF_HOME_LAST).is_not_null()).any().over("placement")
    episodes = episodes.with_columns(entered.alias(ENTERED), placement=pl.when(is_said).then("placement"))
    named = episodes.sort("row").select(
        *OF_EPISODE, clae_cla_episode_id="episode", clae_cla_id="period", clae_cla_placement_id="placement"
    )
    homes = (
        episodes.drop_nulls("placement")
        .group_by("placement", maintain_order=True)
        .agg(
            pl.col(PERSON).first().alias("clap_person_id"),
            pl.col("period").first().alias("clap_cla_id"),
            pl.col(START).first().alias("clap_cla_placement_start_date"),
            pl.col(END).last().alias("clap_cla_placement_end_date"),
            *(pl.col(name).first() for name in OF_HOME_FIRST),
            pl.col(OF_HOME_LAST).last(),
        )
    )
    statuses = episodes.filter(pl.col(STATUS).is_not_null()).group_by("status", maintain_order=True).agg(
        pl.col(PERSON).first().alias("lega_person_id"),
        pl.col(STATUS).first(),
        pl.col(START).first().alias("lega_legal_status_start_date"),
        pl.col(END).last().alias("lega_legal_status_end_date"),
    )  # fmt: skip
    return {
        "ssd_cla_episodes": named,
        "ssd_cla_placement": homes.rename({"placement": "clap_cla_placement_id"}),
        "ssd_legal_status": statuses.rename({"status": "lega_legal_status_id"}),
    }


def period_on(rows: pl.DataFrame, episodes: pl.DataFrame) -> pl.Series:
    """Find the period of care in which something happened.

    Parameters
    ----------
    rows
        `child` and `day` (Date), one row an event.
    episodes
        As `numbered` gives them.

    Returns
    -------
    pl.Series
        The period's key for each row; missing outside every period.
    """
    periods = episodes.group_by("period", child=PERSON).agg(pl.col("from").min(), pl.col("to").last())
    periods = periods.drop_nulls(["child", "from"]).sort("from")
    asked = rows.select("child", "day", row=pl.int_range(pl.len()))
    dated = asked.drop_nulls().sort("day")
    found = dated.join_asof(periods, left_on="day", right_on="from", by="child", check_sortedness=False)
    inside = found.filter((pl.col("day") <= pl.col("to")).fill_null(True)).select("row", "period")
    return asked.join(inside, on="row", how="left", maintain_order="left")["period"]
