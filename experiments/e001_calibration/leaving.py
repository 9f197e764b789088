"""How care ends, who comes back, and how young people live who have left it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from experiments.e001_calibration.authority import YEARS, Authority, age, ceased, stays, with_person
from experiments.e001_calibration.numbers import Achieved, rate, share, share_true
from experiments.e001_calibration.registry import measure, register, shares

HOME = ("E4A", "E4B")
ADOPTED = ("E11", "E12")
GUARDIANSHIP = ("E43", "E44", "E45", "E46", "E47", "E48")
# Ages in whole years, both ends in.
EITHER_AGE = {"17_18": (17, 18), "19_21": (19, 21)}


@shares(
    ceased_adopted_share=ADOPTED,
    ceased_guardianship_share=GUARDIANSHIP,
    ceased_home_planned_share="E4A",
    ceased_home_unplanned_share="E4B",
    ceased_relatives_share="E13",
    ceased_stayed_share="E17",
    ceased_independent_supported_share="E5",
    ceased_independent_share="E6",
)
def reasons(a: Authority) -> pl.Series:
    """Children who ceased to be looked after in the last three years by why."""
    return ceased(a)["reason"]


def _ceased_as(a: Authority, codes: tuple[str, ...]) -> Achieved:
    events = int(ceased(a)["reason"].is_in(codes).sum())
    return rate(events, a.mean_population(YEARS), years=YEARS)


@measure("adopted_rate")
def adopted(a: Authority) -> Achieved:
    """Children adopted from care per 10,000 children, a year of the last three."""
    return _ceased_as(a, ADOPTED)


@measure("guardianship_rate")
def guardianship(a: Authority) -> Achieved:
    """Children who left care to special guardians per 10,000 children, a year of the last three."""
    return _ceased_as(a, GUARDIANSHIP)


@measure("re_entry_share")
def re_entry(a: Authority) -> Achieved:
    """Children who went home to their parents in the five years to a year ago and came back within a year."""
    until = a.since(1)
    left = stays(a).filter(pl.col("reason").is_in(HOME), pl.col("end") > a.since(6), pl.col("end") <= until)
    back = stays(a).select("person", again=pl.col("start"))
    after = left.select("clae_cla_id", "person", "end").join(back, on="person")
    within = (pl.col("again") >= pl.col("end")) & (pl.col("again") <= pl.col("end") + timedelta(days=365))
    return share(after.filter(within)["clae_cla_id"].n_unique(), left.height)


def _leavers(a: Authority, ages: tuple[int, int]) -> pl.DataFrame:
    people = with_person(a, a.table("ssd_care_leavers"), "clea_person_id")
    return people.filter(age(a.day).is_between(*ages))


def _suitable(a: Authority, ages: tuple[int, int]) -> Achieved:
    """Care leavers of an age in suitable accommodation; where it is not known, it is not."""
    return share_true((_leavers(a, ages)["clea_care_leaver_accom_suitable"] == "1").fill_null(value=False))


def _activity(a: Authority, ages: tuple[int, int]) -> pl.Series:
    return _leavers(a, ages)["clea_care_leaver_activity"].fill_null("")


def _occupied(a: Authority, ages: tuple[int, int]) -> Achieved:
    """Care leavers of an age in education, employment or training, of all of that age."""
    return share_true(_activity(a, ages).str.contains("^[FP]"))


def _unoccupied(a: Authority, ages: tuple[int, int]) -> Achieved:
    """Care leavers of an age known not to be in education, employment or training, of all of that age."""
    return share_true(_activity(a, ages).str.starts_with("G"))


def _not_known(a: Authority, ages: tuple[int, int]) -> Achieved:
    """Care leavers of an age whose occupation is not known, of all of that age."""
    return share_true(_activity(a, ages) == "")


@measure("leavers_19_21_higher_education_share")
def higher_education(a: Authority) -> Achieved:
    """Care leavers aged 19 to 21 in higher education."""
    return share_true(_activity(a, EITHER_AGE["19_21"]).is_in(["F1", "P1"]))


WHAT = {"suitable": _suitable, "occupied": _occupied, "neet": _unoccupied, "unknown": _not_known}
for _ages, _between in EITHER_AGE.items():
    for _what, _of in WHAT.items():
        register(f"leavers_{_ages}_{_what}_share", _of, ages=_between)
