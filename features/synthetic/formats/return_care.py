"""Episodes of care as yearly returns cut them: anew wherever the home or the legal status changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START, END = "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"
BEGAN, CEASED = "clae_cla_episode_start_reason", "clae_cla_episode_ceased_reason"
CHANGE = "clap_cla_placement_change_reason"
# Why an episode began and why one ceased where the legal status alone changed.
LEGAL_CHANGE, GOES_ON = "L", "X1"

_EPISODE = (
    "clae_cla_episode_id",
    "clae_person_id",
    START,
    BEGAN,
    "clae_cla_primary_need_code",
    END,
    CEASED,
    "clae_cla_placement_id",
    "clae_entered_care_date",
)
_HOME = (
    "clap_cla_placement_type",
    "clap_cla_placement_provider",
    "clap_cla_placement_urn",
    "clap_cla_placement_postcode",
    "clap_cla_placement_distance",
    CHANGE,
)
_STATUS = ("lega_person_id", "lega_legal_status", "lega_legal_status_start_date", "lega_legal_status_end_date")


def part(tables: Mapping[str, pl.DataFrame], name: str, columns: Sequence[str]) -> pl.DataFrame:
    """Give columns of a table, missing where it or they are not there; a trap may have raised its headers' case."""
    frame = tables.get(name, pl.DataFrame(schema=dict.fromkeys(columns, pl.String))).rename(str.lower)
    return frame.select(
        pl.col(column) if column in frame.columns else pl.lit(None, pl.String).alias(column) for column in columns
    )


def in_return(rows: pl.DataFrame, person: str, children: pl.Series) -> pl.DataFrame:
    """Keep the rows of the children whom the return is about."""
    return rows.filter(pl.col(person).is_in(children.drop_nulls().unique().implode()))


def day(cell: pl.Expr) -> pl.Expr:
    """Write a day of the extract as returns do, dd/mm/yyyy; any other cell as it is."""
    iso = cell.str.extract(r"^(\d{4}-\d{2}-\d{2})( 00:00:00)?$").str.to_date("%Y-%m-%d", strict=False)
    return pl.coalesce(iso.dt.strftime("%d/%m/%Y"), cell)


def cut_episodes(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the episodes with their homes and legal statuses, cut where the status changed within one.

    Returns
    -------
    pl.DataFrame
        Columns by the standard's names, of `ssd_cla_episodes`, `ssd_cla_placement` and `ssd_legal_status`; in the
        order of the episodes.
    """
    homes = part(tables, "ssd_cla_placement", ["clap_cla_placement_id", *_HOME])
    homes = homes.unique("clap_cla_placement_id", keep="first", maintain_order=True)
    joined = (
        part(tables, "ssd_cla_episodes", _EPISODE)
        .join(
            homes, left_on="clae_cla_placement_id", right_on="clap_cla_placement_id", how="left", maintain_order="left"
        )
        .with_columns(row=pl.int_range(pl.len()), begins=day_of(pl.col(START)), ends=day_of(pl.col(END)))
    )
    statuses = part(tables, "ssd_legal_status", _STATUS).select(
        "lega_legal_status",
        person="lega_person_id",
        since=day_of(pl.col("lega_legal_status_start_date")),
        until=day_of(pl.col("lega_legal_status_end_date")),
    )
    pieces = _pieces(joined, statuses).join(joined, on="row", how="inner", maintain_order="left")
    return _with_statuses(_with_own_days(pieces), statuses)


def _pieces(episodes: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """Give for each episode the days on which its pieces begin: its own first day, and each change of status in it."""
    inside = (pl.col("since") > pl.col("begins")) & (pl.col("since") < pl.col("ends")).fill_null(True)
    changes = episodes.join(statuses, left_on="clae_person_id", right_on="person", how="inner").filter(inside)
    own = episodes.select("row", piece="begins")
    return pl.concat([own, changes.select("row", piece="since")]).unique().sort("row", "piece")


def _with_own_days(pieces: pl.DataFrame) -> pl.DataFrame:
    """Give each piece its own days and reasons; an episode that is not cut keeps its cells."""
    following = pl.col("piece").shift(-1).over("row")
    is_first = pl.int_range(pl.len()).over("row") == 0
    goes_on = following.is_not_null()
    return pieces.with_columns(
        pl.when(is_first).then(START).otherwise(pl.col("piece").cast(pl.String)).alias(START),
        pl.when(is_first).then(BEGAN).otherwise(pl.lit(LEGAL_CHANGE)).alias(BEGAN),
        pl.when(goes_on).then(following.cast(pl.String)).otherwise(END).alias(END),
        pl.when(goes_on).then(pl.lit(GOES_ON)).otherwise(CEASED).alias(CEASED),
        pl.when(~goes_on).then(CHANGE).alias(CHANGE),
    )


def _with_statuses(pieces: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """Give each piece the legal status that held on its first day."""
    dated = pieces.with_columns(place=pl.int_range(pl.len()))
    known = statuses.drop_nulls(["person", "since"]).sort("since")
    found = (
        dated.drop_nulls("piece")
        .sort("piece")
        .select("place", "clae_person_id", "piece")
        .join_asof(
            known,
            left_on="piece",
            right_on="since",
            by_left="clae_person_id",
            by_right="person",
            check_sortedness=False,
        )
        .filter((pl.col("until") > pl.col("piece")).fill_null(True))
        .select("place", "lega_legal_status")
    )
    return dated.join(found, on="place", how="left", maintain_order="left")
