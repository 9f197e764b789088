"""What a Welsh return says of a child's and a parent's difficulties, as factors of an assessment.

The Welsh items are coarse. One is a factor only where a code of the English list means the same; where alcohol and
drugs are not told apart, a yes means one of two codes, which nothing can say: it is counted and not read.
"""

from __future__ import annotations

import polars as pl

from features.sources.wales.layout import CARE_AND_SUPPORT, Asked, layout

TABLE = "ssd_assessment_factors"
# English and Welsh: y, yes, true, 1, ie, oes, ydy; n, no, false, 0, na, nac oes, nac ydy.
_YES = r"(?i)^\s*(?:a\)\s*)?(?:y|yes|true|1|ie|oes|ydy)\s*$"
_NO = r"(?i)^\s*(?:b\)\s*)?(?:n|no|false|0|na|nac oes|nac ydy)\s*$"


def _says_yes(asked: Asked) -> pl.Expr:
    return pl.col(asked.name).str.contains(_YES).fill_null(False)


def _says_no(asked: Asked) -> pl.Expr:
    return pl.col(asked.name).str.contains(_NO).fill_null(False)


def factors_of(frame: pl.DataFrame, told: list[str]) -> pl.Series:
    """Give the factors that each row names, as a list in JSON.

    Parameters
    ----------
    frame
        A care and support return, every column there.
    told
        Gets a sentence for answers that are neither yes nor no.

    Returns
    -------
    pl.Series
        Named `factors`: `[]` where everything that was answered is no, missing where nothing was answered.
    """
    asked = [asked for asked in layout()[CARE_AND_SUPPORT] if asked.table == TABLE]
    is_answered = pl.any_horizontal(_says_yes(one) | _says_no(one) for one in asked)
    named = pl.concat_list(
        pl.when(_says_yes(one)).then(pl.lit(f'"{code}"')) for one in asked for code in one.values.values()
    )
    written = pl.format("[{}]", named.list.drop_nulls().list.join(", "))
    odd = frame.select(
        (pl.col(one.name).is_not_null() & ~_says_yes(one) & ~_says_no(one)).sum().alias(one.name) for one in asked
    )
    n_odd = sum(odd.row(0))
    if n_odd:
        told.append(f"{n_odd} answers about difficulties are neither yes nor no and count for nothing")
    return frame.select(factors=pl.when(is_answered).then(written)).to_series()


def count_coarse(frame: pl.DataFrame, told: list[str]) -> None:
    """Count what is said without telling two factors apart."""
    for one in layout()[CARE_AND_SUPPORT]:
        if not one.table:
            n_yes = int(frame.select(_says_yes(one).sum()).item())
            if n_yes:
                told.append(f"{one.name}: {n_yes} rows say yes, which may be either of two factors; it is not read")
