"""Who is in an SSDA903 set: the header's children, and those whom another file names and the header lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sources.days import day_of
from features.sources.raw import few
from features.sources.ssda903.files import BORN, CHILD

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERSON = ("pers_person_id", "pers_dob", "pers_sex", "pers_ethnicity", "pers_upn_unknown", "pers_is_mother")
# Where no pupil number is known its column says why with a code such as UN4; the number itself is not read.
_NO_NUMBER = r"(?i)^\s*(UN\d+)"


def gather_children(files: Mapping[str, pl.DataFrame], told: list[str]) -> dict[str, pl.DataFrame]:
    """Give `ssd_person`; nothing where no file names a child.

    Parameters
    ----------
    files
        By the file's name in the set, every column there.
    told
        Gets a sentence for children whom the header lacks, and for those with two days of birth.
    """
    if not files:
        return {}
    persons = [_of_header(files["header"])] if "header" in files else []
    named = pl.concat([_named(files[kind]) for kind in files]).drop_nulls(CHILD)
    if persons:
        named = named.join(persons[0], left_on=CHILD, right_on="pers_person_id", how="anti", maintain_order="left")
    others = named.group_by(CHILD, maintain_order=True).agg(pl.col(BORN, "sex").drop_nulls().first())
    if others.height:
        told.append(
            f"{few(others.height)} children are not in `header`; their days of birth are taken from other files"
        )
    n_clash = _n_with_two_births(files)
    if n_clash:
        told.append(
            f"{few(n_clash)} children have different days of birth in different files; that of `header` is kept"
        )
    persons.append(_as_persons(others.rename({CHILD: "pers_person_id", BORN: "pers_dob", "sex": "pers_sex"})))
    return {"ssd_person": pl.concat(persons)}


def _of_header(header: pl.DataFrame) -> pl.DataFrame:
    return header.select(
        pers_person_id=CHILD,
        pers_dob=BORN,
        pers_sex=pl.coalesce("sex", "gender"),
        pers_ethnicity="ethnic",
        pers_upn_unknown=pl.col("upn").str.extract(_NO_NUMBER),
        pers_is_mother="mother",
    )


def _as_persons(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, pl.String).alias(name) for name in _PERSON if name not in frame.columns]
    return frame.with_columns(lacking).select(_PERSON)


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    sex = pl.coalesce("sex", "gender") if {"sex", "gender"} <= set(frame.columns) else pl.lit(None, pl.String)
    return frame.select(CHILD, BORN, sex=sex)


def _n_with_two_births(files: Mapping[str, pl.DataFrame]) -> int:
    births = pl.concat([frame.select(CHILD, day_of(pl.col(BORN)).alias(BORN)) for frame in files.values()])
    return births.drop_nulls().unique().group_by(CHILD).len().filter(pl.col("len") > 1).height
