"""The six quantities that unfairness can be planted in, measured from a simulation's records and its truth.

Each is how many times as often something happens to, or is written of, marked children as of others, at equal need.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

import polars as pl

from features.synthetic.record_factors import SAYS
from features.synthetic.record_people import MARKED_SECTOR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# Siblings share most of their months and assessments: what is counted holds about half as many separate events.
SHARED = 2.0
WITHOUT_SERVICE = ("universal", "known_before")
TALKED_OF = ("contact", "help_offered")
CONTACTED = (*TALKED_OF, "referred", "referral_closed", "need_found_quickly", "no_need_found_quickly")
NEED_FOUND = ("need_found", "need_found_urgent", "need_found_quickly")
DECIDED = (*NEED_FOUND, "no_need_found", "to_early_help", "no_need_found_quickly")
CELL = ("state_before", "need", "strength")


@dataclass(frozen=True)
class Measured:
    """A ratio of the marked to the others, and the standard error of its logarithm."""

    ratio: float
    error: float

    def lies_at(self, size: float) -> bool:
        """Say whether a true ratio of this size can have given what was measured: within 3.5 standard errors."""
        return abs(log(self.ratio / size)) < 3.5 * self.error


def _pairs(rows: pl.DataFrame, cell: Sequence[str]) -> pl.DataFrame:
    """Put the marked (1) and the others (0) of each cell side by side: `yes`, `n`, and `total` of both."""
    summed = rows.group_by(*cell, pl.col("is_marked").cast(pl.Int8)).agg(pl.col("yes", "n").sum().cast(pl.Float64))
    wide = summed.pivot("is_marked", index=list(cell), values=["yes", "n"]).drop_nulls()
    return wide.with_columns(total=pl.col("n_1") + pl.col("n_0"))


def ratio_of_shares(rows: pl.DataFrame, cell: Sequence[str]) -> Measured:
    """Pool the ratio of shares over cells (Mantel-Haenszel), with the error of Greenland and Robins (1985)."""
    marked, others = pl.col("yes_1") * pl.col("n_0"), pl.col("yes_0") * pl.col("n_1")
    spread = (pl.col("n_1") * pl.col("n_0") * (pl.col("yes_1") + pl.col("yes_0"))) / pl.col("total") ** 2
    spread -= pl.col("yes_1") * pl.col("yes_0") / pl.col("total")
    sums = _pairs(rows, cell).select(
        marked=(marked / pl.col("total")).sum(), others=(others / pl.col("total")).sum(), spread=spread.sum()
    )
    top, bottom, variance = sums.row(0)
    return Measured(top / bottom, sqrt(SHARED * variance / (top * bottom)))


def ratio_of_odds(rows: pl.DataFrame, cell: Sequence[str]) -> Measured:
    """Pool the odds ratio over cells, with the error of Robins, Breslow and Greenland (1986)."""
    yes, no = pl.col("yes_1"), pl.col("n_1") - pl.col("yes_1")
    other_yes, other_no = pl.col("yes_0"), pl.col("n_0") - pl.col("yes_0")
    p, q = (yes + other_no) / pl.col("total"), (no + other_yes) / pl.col("total")
    r, s = yes * other_no / pl.col("total"), no * other_yes / pl.col("total")
    top, bottom, pr, both, qs = (
        _pairs(rows, cell)
        .select(r.alias("r").sum(), s.alias("s").sum(), pr=(p * r).sum(), both=(p * s + q * r).sum(), qs=(q * s).sum())
        .row(0)
    )
    variance = pr / (2 * top**2) + both / (2 * top * bottom) + qs / (2 * bottom**2)
    return Measured(top / bottom, sqrt(SHARED * variance))


def _months(place: Path, yes: Sequence[str], *, moves: Sequence[str] | None = None) -> pl.DataFrame:
    decided = pl.read_parquet(place / "truth" / "decided.parquet")
    kept = decided if moves is None else decided.filter(pl.col("move").is_in(moves))
    return kept.with_columns(yes=pl.col("child_months") * pl.col("move").is_in(yes), n=pl.col("child_months"))


def surveillance(place: Path) -> Measured:
    """Compare how often somebody calls about a child without a service."""
    return ratio_of_shares(_months(place, CONTACTED).filter(pl.col("state_before").is_in(WITHOUT_SERVICE)), CELL)


def access(place: Path) -> Measured:
    """Compare how often early help is offered once somebody called and the child was not referred."""
    rows = _months(place, ["help_offered"], moves=TALKED_OF)
    return ratio_of_shares(rows.filter(pl.col("state_before").is_in(WITHOUT_SERVICE)), CELL)


def label(place: Path) -> Measured:
    """Compare the odds that an assessment finds need."""
    return ratio_of_odds(_months(place, NEED_FOUND, moves=DECIDED), ["need"])


def _people(place: Path) -> pl.DataFrame:
    return pl.read_parquet(place / "truth" / "people.parquet")


def _record(place: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(place / "records" / f"{name}.parquet")


def measurement(place: Path) -> Measured:
    """Compare how often a problem that is there is written down as the first of its factors, at about equal need."""
    factor = {f"has_{problem}": f'"{says[0][0]}"' for problem, says in SAYS.items()}
    about = _assessed(place).join(_people(place), on="child_id")
    long = about.unpivot(list(factor), index=["codes", "need", "is_marked"], variable_name="problem").filter("value")
    is_written = pl.col("codes").str.contains(pl.col("problem").replace_strict(factor), literal=True)
    return ratio_of_shares(long.with_columns(yes=is_written, n=1), ["problem", "need"])


def _assessed(place: Path) -> pl.DataFrame:
    """List assessments whose factors were written, with the need at the quarter end nearest to them."""
    latent = pl.read_parquet(place / "truth" / "latent.parquet").select("child_id", "as_of", "need").sort("as_of")
    of = _record(place, "ssd_assessment_factors").drop_nulls().join(
        _record(place, "ssd_cin_assessments"), left_on="cinf_assessment_id", right_on="cina_assessment_id"
    )  # fmt: skip
    day = pl.col("cina_assessment_auth_date").str.slice(0, 10).str.to_date("%Y-%m-%d")
    dated = of.select(child_id="cina_person_id", codes="cinf_assessment_factors_json", as_of=day).sort("as_of")
    return dated.join_asof(latent, on="as_of", by="child_id", strategy="nearest", check_sortedness=False).drop_nulls()


def recording(place: Path) -> Measured:
    """Compare how often ethnicity is not recorded, at an equal stage: ever in care, ever with a plan, or neither."""
    stage = {"care": 2, "care_settled": 2, "in_need": 1, "in_need_lasting": 1, "enquiry": 1, "returned_home": 1}
    stage |= dict.fromkeys(("protection", "protection_reviewed", "pre_proceedings"), 1)
    moves = pl.read_parquet(place / "truth" / "moves.parquet").select(
        "child_id", stage=pl.col("state").replace_strict(stage, default=0, return_dtype=pl.Int8)
    )
    people = _people(place).join(moves.group_by("child_id").agg(pl.col("stage").max()), on="child_id", how="left")
    written = people.join(_record(place, "ssd_person"), left_on="child_id", right_on="pers_person_id")
    is_missing = pl.col("pers_ethnicity").is_null() | pl.col("pers_ethnicity").is_in(["NOBT", "REFU"])
    return ratio_of_shares(written.with_columns(pl.col("stage").fill_null(0), yes=is_missing, n=1), ["stage"])


def proxy(place: Path) -> Measured:
    """Compare how many homes lie in the marked sector, whatever the deprivation of their district."""
    postcode = pl.col("addr_address_postcode")
    lived = _record(place, "ssd_address").join(_people(place), left_on="addr_person_id", right_on="child_id")
    homes = lived.unique(["family", "addr_address_postcode"], maintain_order=True)
    sector = postcode.str.slice(-3, 1).cast(pl.Int64)
    return ratio_of_shares(homes.with_columns(yes=sector == MARKED_SECTOR, n=1), ["deprivation_decile"])


QUANTITIES: dict[str, Callable[[Path], Measured]] = {
    "recording": recording,
    "surveillance": surveillance,
    "access": access,
    "label": label,
    "measurement": measurement,
    "proxy": proxy,
}
