"""What is recorded of where looked-after children live, under which order, and how their reviews went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import NEVER, Case, Spans, chosen, dates, drawn, ending_move, ids, yes_no
from features.synthetic.states import Move

if TYPE_CHECKING:
    from features.synthetic.families import Flags, Ints

# A few children move often: 69% of those in care for long have had the same carer for two years (England 2025, DfE).
SPREAD_OF_CHANGES, MOST_CHANGES, FASTER = 0.4, 12, 2.0
# Homes by age when a child moves in. Of all looked after 67% are fostered, 12% live in children's homes, 9% (semi-)
# independently, 6% with parents, 1% in other homes with care, 3% elsewhere (England 2025, DfE).
FIRST_YEARS = {"U4": 0.292, "U6": 0.238, "U1": 0.165, "U3": 0.135, "P1": 0.1, "R3": 0.04, "Z1": 0.03}
HOMES = (
    (5, FIRST_YEARS),
    (10, {"U4": 0.292, "U6": 0.238, "U1": 0.165, "U3": 0.135, "P1": 0.08, "K2": 0.06, "Z1": 0.03}),
    (16, {"U4": 0.226, "U6": 0.184, "U1": 0.121, "U3": 0.099, "K2": 0.25, "P1": 0.06, "S1": 0.02, "Z1": 0.04}),
    (99, {"U4": 0.05, "U6": 0.04, "U1": 0.03, "U3": 0.02, "H5": 0.53, "P2": 0.07, "K2": 0.18, "P1": 0.04, "Z1": 0.06}),
)  # fmt: skip
ALONE = {"U4": 0.182, "U6": 0.148, "H5": 0.52, "P2": 0.1, "Z1": 0.05}
# A child to be adopted lives with the adopters for the last months.
WITH_ADOPTERS = "A6"
# Supported accommodation has a code of its own from the collection year 2025, which began on 1 April 2024.
SUPPORTED_FROM = 19814
PROVIDERS = {"U": {"PR1": 0.62, "PR4": 0.3, "PR5": 0.08}, "P": {"PR0": 1.0}, "": {"PR1": 0.2, "PR4": 0.7, "PR5": 0.1}}
CHANGE_REASONS = {"CARPL": 40, "CREQB": 14, "CREQO": 10, "CHILD": 8, "LAREQ": 9, "ALLEG": 3, "STAND": 3, "OTHER": 13}
# Of homes outside the authority half are more than 20 miles from home: 22% of all (England 2025, DfE).
FAR_OUTSIDE = 0.5
REVIEW_DAYS = (24, *range(110, 18 * 365, 180))
VIEWS = ("PN1", "PN2", "PN3", "PN5", "PN4", "PN6", "PN7", "PN0")


@dataclass(frozen=True)
class Homes:
    """The homes of children in care in the order they are written; each is an episode of care too.

    Parameters
    ----------
    stay
        Position of the stay in care.
    begins, ends
        First and last day; `NEVER` while it lasts.
    goes_on
        Whether the stay goes on in another home.
    """

    stay: Ints
    begins: Ints
    ends: Ints
    goes_on: Flags


def homes_of(case: Case, spans: Spans, rng: np.random.Generator) -> Homes:
    """Cut each stay in care into the homes that a child had in it."""
    last = np.minimum(spans.end_day, case.months.until)
    restless = np.maximum(rng.gamma(SPREAD_OF_CHANGES, case.profile.changes_a_year / SPREAD_OF_CHANGES, spans.n), 1e-6)
    # The time of each change, were all of care like its later years; homes change faster in the first half year.
    even = np.cumsum(rng.exponential(1.0, (spans.n, MOST_CHANGES)), axis=1) / restless[:, None]
    years = np.where(even < 0.5 * FASTER, even / FASTER, even - 0.5 * (FASTER - 1))
    day = spans.start_day[:, None] + 2 + np.floor(np.minimum(years, 40) * 365).astype(np.int64)
    day = np.where(day < last[:, None] - 1, day, NEVER)
    begins = np.concatenate([spans.start_day[:, None], np.sort(day, axis=1)], axis=1)
    ends = np.concatenate([begins[:, 1:], np.full((spans.n, 1), NEVER)], axis=1)
    # An episode cannot start and end on the same day, and what ended before the records is not in them.
    stay, part = np.nonzero((begins != NEVER) & (begins != ends))
    goes_on = ends[stay, part] != NEVER
    until = np.where(goes_on, ends[stay, part], spans.end_day[stay])
    kept = until >= case.months.start
    return Homes(stay[kept], begins[stay, part][kept], until[kept], goes_on[kept])


def _kind_of_home(case: Case, spans: Spans, homes: Homes, rng: np.random.Generator) -> pl.Series:
    child = spans.child[homes.stay]
    years = (homes.begins - case.people.birth_day[child]) / 365.25
    written = drawn(rng, ALONE, len(child))
    is_alone = case.people.arrives[child] >= 0
    least = 0
    for below, shares in HOMES:
        here = pl.Series(~is_alone & (years >= least) & (years < below))
        written = pl.select(pl.when(here).then(drawn(rng, shares, len(child))).otherwise(written)).to_series()
        least = below
    # Who will be adopted is known for those who were; of the small who are still there some live with adopters already.
    adopted = ending_move(case, spans)[homes.stay] == Move.ADOPTED
    soon = (homes.ends == NEVER) & (years > 0.5) & (years < 5) & (rng.random(len(child)) < 0.08)
    with_adopters = pl.Series((adopted & ~homes.goes_on & (homes.begins > spans.start_day[homes.stay])) | soon)
    supported = pl.Series(homes.begins >= SUPPORTED_FROM) & written.is_in(["H5", "P2"])
    kind = pl.when(with_adopters).then(pl.lit(WITH_ADOPTERS)).when(supported).then(pl.lit("K3")).otherwise(written)
    return pl.select(kind).to_series()


def _provider(kind: pl.Series, rng: np.random.Generator) -> pl.Series:
    usual = drawn(rng, PROVIDERS[""], len(kind))
    fostering, parents = drawn(rng, PROVIDERS["U"], len(kind)), drawn(rng, PROVIDERS["P"], len(kind))
    first = kind.str.slice(0, 1)
    by_kind = pl.when(first == "U").then(fostering).when(kind == "P1").then(parents).otherwise(usual)
    return pl.select(by_kind).to_series()


def _where(case: Case, kind: pl.Series, rng: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """Give the miles from home and the postcode of each home; another authority's area begins differently."""
    n, near = len(kind), (kind == "P1").to_numpy()
    outside = rng.random(n) < np.where(near, 0.15, case.profile.placed_outside * 1.02)
    far = outside & (rng.random(n) < FAR_OUTSIDE)
    miles = np.where(far, 20 + rng.gamma(1.5, 25, n), np.minimum(rng.gamma(1.6, 3.5, n), 19.9))
    area = pl.select(
        pl.when(pl.Series(outside)).then(pl.lit("QX")).otherwise(pl.lit(case.profile.postcode_area))
    ).to_series()
    district, sector = rng.integers(1, 11, n), rng.integers(1, 10, n)
    unit = chosen([a + b for a in "ABDEFGHJLN" for b in "ABDEFGHJLN"], rng.integers(0, 100, n))
    parts = [area, pl.Series(district).cast(pl.String), pl.Series(sector).cast(pl.String), unit]
    return pl.Series(np.round(miles, 1)).cast(pl.String), pl.select(pl.concat_str(parts)).to_series()


def _placements(case: Case, spans: Spans, homes: Homes, rng: np.random.Generator) -> pl.DataFrame:
    n = len(homes.stay)
    kind = _kind_of_home(case, spans, homes, rng)
    miles, postcode = _where(case, kind, rng)
    reason = drawn(rng, CHANGE_REASONS, n)
    return pl.DataFrame(
        {
            "clap_cla_placement_id": ids(n, first=30001),
            "clap_cla_placement_start_date": dates(homes.begins),
            "clap_cla_placement_type": kind,
            "clap_cla_placement_urn": pl.Series([None] * n, dtype=pl.String),
            "clap_cla_placement_distance": miles,
            "clap_cla_id": ids(spans.n, first=10001).gather(homes.stay),
            "clap_cla_placement_provider": _provider(kind, rng),
            "clap_cla_placement_postcode": postcode,
            "clap_cla_placement_end_date": dates(homes.ends),
            "clap_cla_placement_change_reason": pl.select(pl.when(pl.Series(homes.goes_on)).then(reason)).to_series(),
            "clap_person_id": case.persons(spans.child[homes.stay]),
        }
    )


def _orders(case: Case, spans: Spans, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw up to four legal statuses of each stay: which, and from which day; `NEVER` where there is none.

    At the start 57% are accommodated under s.20 and 31% under an interim care order; of all looked after 59% are under
    a full care order, 16% under an interim one, 6% under a placement order, 19% under s.20 (England 2025, DfE).
    """
    n, start = spans.n, spans.start_day
    alone = case.people.arrives[spans.child] >= 0
    years = (start - case.people.birth_day[spans.child]) / 365.25
    first = rng.choice([V2, C1, L1, L2, J1], size=n, p=[0.425, 0.42, 0.115, 0.012, 0.028])
    # A young person who comes alone is accommodated, and no care order can be made from 17 on.
    stays_voluntary = alone | (years >= 16.8)
    first = np.where(stays_voluntary | ((first == J1) & (years < 10)), V2, first)
    voluntary_ends = (first == V2) & ~stays_voluntary & (rng.random(n) < 0.93)
    short = np.isin(first, (L1, L2, J1))
    second = np.select([voluntary_ends, short & (rng.random(n) < 0.7), short], [C1, C1, V2], NONE)
    wait = np.where(short, np.where(first == J1, 28, 3), 20 + rng.gamma(1.5, 50, n)).astype(np.int64)
    day_2 = np.where(second != NONE, start + wait, NEVER)
    has_interim = (first == C1) | (second == C1)
    interim = np.where(second == C1, day_2, start)
    day_3 = np.where(has_interim & (rng.random(n) < 0.97), interim + 110 + rng.gamma(3, 35, n).astype(np.int64), NEVER)
    will_be = ending_move(case, spans) == Move.ADOPTED
    may_be = spans.is_open & (years < 6) & (rng.random(n) < 0.2)
    day_4 = np.where((will_be | may_be) & (day_3 != NEVER), day_3 + 40 + rng.gamma(2, 30, n).astype(np.int64), NEVER)
    status = np.stack([first, second, np.full(n, C2), np.full(n, E1)], axis=1)
    return status, np.stack([start, day_2, day_3, day_4], axis=1)


STATUSES = ("V2", "C1", "C2", "E1", "L1", "L2", "J1")
V2, C1, C2, E1, L1, L2, J1 = range(7)
NONE = -1


def _legal(case: Case, spans: Spans, rng: np.random.Generator) -> pl.DataFrame:
    status, day = _orders(case, spans, rng)
    last = np.minimum(spans.end_day, case.months.until)[:, None]
    day = np.where(day < last, day, NEVER)
    day[:, 0] = spans.start_day
    # The next status that comes about ends each.
    following = np.minimum.accumulate(np.append(day[:, 1:], np.full((spans.n, 1), NEVER), axis=1)[:, ::-1], axis=1)[
        :, ::-1
    ]
    ends = np.where(following == NEVER, spans.end_day[:, None], following)
    stay, part = np.nonzero((day != NEVER) & (day < ends))
    kept = ends[stay, part] >= case.months.start
    stay, part = stay[kept], part[kept]
    return pl.DataFrame(
        {
            "lega_legal_status_id": ids(len(stay), first=70001),
            "lega_person_id": case.persons(spans.child[stay]),
            "lega_legal_status": chosen(STATUSES, status[stay, part]),
            "lega_legal_status_start_date": dates(day[stay, part]),
            "lega_legal_status_end_date": dates(ends[stay, part]),
        }
    )


def _reviews(case: Case, spans: Spans, rng: np.random.Generator) -> pl.DataFrame:
    """Write the reviews of each stay: within 20 working days, three months on, then every six."""
    due = spans.start_day[:, None] + np.array(REVIEW_DAYS)[None, :]
    held = due + rng.integers(-10, 12, due.shape)
    inside = (held < spans.end_day[:, None]) & (held <= case.months.until) & (held >= case.months.start)
    stay, k = np.nonzero(inside)
    child, day = spans.child[stay], held[stay, k]
    years = (day - case.people.birth_day[child]) / 365.25
    strength = case.lives.strength[child, case.months.month_of(day.astype(np.int32))]
    spoke = rng.random(len(child)) < 0.3 + 0.12 * strength + 0.015 * years
    how = np.where(years < 4, 7, np.where(spoke, rng.integers(0, 4, len(child)), rng.integers(4, 7, len(child))))
    return pl.DataFrame(
        {
            "clar_cla_review_id": ids(len(child), first=1),
            "clar_cla_id": ids(spans.n, first=10001).gather(stay),
            "clar_cla_review_due_date": dates(due[stay, k]),
            "clar_cla_review_date": dates(day),
            "clar_cla_review_cancelled": yes_no(np.zeros(len(child), bool)),
            "clar_cla_review_participation": chosen(VIEWS, how),
            "clar_cla_person_id": case.persons(child),
        }
    )


def _immigration(case: Case) -> pl.DataFrame:
    """Write who came alone to seek asylum, and since when."""
    alone = np.nonzero(case.people.arrives >= 0)[0]
    day = case.lives.day[alone, case.people.arrives[alone]].astype(np.int64)
    n = len(alone)
    return pl.DataFrame(
        {
            "immi_immigration_status_id": ids(n, first=1),
            "immi_person_id": case.persons(alone),
            "immi_immigration_status": pl.Series(["Unaccompanied Asylum Seeking Child"] * n, dtype=pl.String),
            "immi_immigration_status_start_date": dates(day),
            "immi_immigration_status_end_date": dates(np.full(n, NEVER)),
        }
    )


def record_placements(case: Case, spans: Spans, homes: Homes) -> dict[str, pl.DataFrame]:
    """Write the tables of homes, orders, reviews and immigration status.

    Parameters
    ----------
    case
        Everything there is.
    spans
        Stays in care.
    homes
        The homes of each.
    """
    return {
        "ssd_cla_placement": _placements(case, spans, homes, case.draws("record placements")),
        "ssd_legal_status": _legal(case, spans, case.draws("record orders")),
        "ssd_cla_reviews": _reviews(case, spans, case.draws("record reviews of care")),
        "ssd_immigration_status": _immigration(case),
    }
