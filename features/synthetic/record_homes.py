"""Where families live, as a case system writes an address: houses, a few hostels, and a few mistakes.

A home is written alike for all of its family. What makes a shared address no sign of a family is here too, in small
shares: hostels and refuges in which many families live for some months each, schools and an office that were typed in
place of a child's home, and houses that two families share. Everything is drawn from a stream of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import NEVER, Case, chosen

if TYPE_CHECKING:
    from features.synthetic.families import Flags, Ints

# All shares are ours. Of stays after a move that lasted one to thirteen months, those spent in a hostel or refuge; of
# those that have lasted so long when the records end most are homes for years.
IN_A_HOSTEL, STILL_IN_A_HOSTEL, SHORTEST_STAY, LONGEST_STAY = 0.3, 0.1, 30, 400
# Of families, those who live in another's house; of rows, those in which a school or the office was typed.
SHARES_A_HOUSE, MISTYPED, TYPED_THE_OFFICE = 0.004, 0.004, 0.4
FAMILIES_A_HOSTEL, FAMILIES_A_SCHOOL = 1_500, 200
HAS_UPRN, IS_A_FLAT = 0.08, 0.18
KEYS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING", "POSTCODE")

# Nobody's streets and towns.
STREETS = ("Alder", "Barley", "Clover", "Dunnock", "Elder", "Fallow", "Gorse", "Heron", "Ivy", "Juniper", "Kestrel",
           "Linnet", "Mallow", "Nuthatch", "Orchard", "Plover", "Quarry", "Rowan", "Sorrel", "Thistle")  # fmt: skip
STREET_KINDS = ("Street", "Road", "Close", "Way", "Avenue", "Drive", "Gardens", "Row")
TOWNS = ("Ayermouth", "Brindlecote", "Carrowby", "Dellingham Vale", "Eskerton", "Fennimore", "Garthwold", "Hollowby",
         "Inchmere", "Jarrowfold")  # fmt: skip


@dataclass(frozen=True)
class Homes:
    """The address of each row.

    Parameters
    ----------
    text
        JSON, as the case system's extract holds it.
    postcode
        Of the same place.
    """

    text: pl.Series
    postcode: pl.Series


def homes_of(case: Case, stays: tuple[Ints, Ints], rows: tuple[Ints, Ints], postcodes: pl.Series) -> Homes:
    """Say where each row's child lived.

    Parameters
    ----------
    case
        Everything that is there to be recorded.
    stays
        First and last day of each stay of each family, one row a family; `NEVER` where it goes on, or never began.
    rows
        Family and stay of each row of the table.
    postcodes
        Of the home of each stay of each family, family by family.
    """
    rng = case.draws("homes")
    n_families = case.people.n_families
    n_hostels, n_schools = (1 + n_families // each for each in (FAMILIES_A_HOSTEL, FAMILIES_A_SCHOOL))
    place = np.arange(stays[0].size).reshape(stays[0].shape)
    sharing = np.nonzero(rng.random(n_families) < SHARES_A_HOUSE)[0]
    place[sharing, 0] = place[rng.integers(0, n_families, len(sharing)), 0]
    first_hostel, first_school = place.size, place.size + n_hostels
    is_hostel = _is_in_a_hostel(rng, stays, until=case.months.until)
    weight = 1 / np.arange(1, n_hostels + 1)
    place[is_hostel] = first_hostel + rng.choice(n_hostels, size=int(is_hostel.sum()), p=weight / weight.sum())
    where = place[rows]
    mistyped = np.nonzero(rng.random(len(where)) < MISTYPED)[0]
    # The last of the places is the office.
    is_office = rng.random(len(mistyped)) < TYPED_THE_OFFICE
    where[mistyped] = first_school + np.where(is_office, n_schools, rng.integers(0, n_schools, len(mistyped)))
    communal = postcodes.gather(rng.integers(0, len(postcodes), n_hostels + n_schools + 1))
    used, of = np.unique(where, return_inverse=True)
    code = pl.concat([postcodes, communal]).gather(used)
    building = np.select([used < first_hostel, used < first_school, used < first_school + n_schools], [0, 1, 2], 3)
    return Homes(_texts(case, rng, code, building).gather(of), code.gather(of))


def _is_in_a_hostel(rng: np.random.Generator, stays: tuple[Ints, Ints], *, until: int) -> Flags:
    begins, ends = stays
    length = np.where((begins > 0) & (begins < NEVER), np.minimum(ends, until) - begins, 0)
    share = np.where(ends > until, STILL_IN_A_HOSTEL, IN_A_HOSTEL)
    return (length >= SHORTEST_STAY) & (length <= LONGEST_STAY) & (rng.random(begins.shape) < share)


def _texts(case: Case, rng: np.random.Generator, code: pl.Series, building: Ints) -> pl.Series:
    """Write the address of each place; one street a postcode, and in it no house twice."""
    n = len(code)
    postcode = code.to_frame("code").select(
        number=pl.col("code").rank("dense") - 1, nth=pl.int_range(pl.len()).over("code")
    )
    number, nth = postcode["number"].to_numpy().astype(np.int64), postcode["nth"].to_numpy()
    n_postcodes = int(number.max(initial=0)) + 1
    street = rng.integers(0, len(STREETS) * len(STREET_KINDS), n_postcodes)[number]
    house = rng.integers(1, 90, n_postcodes)[number] + 2 * nth
    name = chosen(STREETS, street % len(STREETS))
    is_flat = (rng.random(n) < IS_A_FLAT) & (building == 0)
    flat = np.where(is_flat, rng.integers(1, 13, n), 0)
    uprn = np.where(rng.random(n) < HAS_UPRN, 900_000_000_000 + rng.permutation(n), 0)
    district = code.str.head(-3).str.strip_prefix(case.profile.postcode_area).cast(pl.Int64).to_numpy()
    parts = {
        "FLAT": pl.Series(flat).cast(pl.String).replace("0", ""),
        "BUILDING": _named(name, building),
        "HOUSE": pl.Series(house).cast(pl.String),
        "STREET": name + " " + chosen(STREET_KINDS, street // len(STREETS)),
        "TOWN": chosen(TOWNS, (district - 1) % len(TOWNS)),
        "UPRN": pl.Series(uprn).cast(pl.String).replace("0", ""),
        "POSTCODE": code.str.head(-3) + " " + code.str.tail(3),
    }
    glued = [pl.lit(f'{", " * (at > 0)}"{key}": "') + parts.get(key, "") + pl.lit('"') for at, key in enumerate(KEYS)]
    return pl.DataFrame(parts).select(pl.concat_str(pl.lit("{"), *glued, pl.lit("}"))).to_series()


def _named(name: pl.Series, building: Ints) -> pl.Series:
    """Name what is no house: a hostel, a school, the office."""
    kind = chosen(["", " Court", " Primary School", " Civic Offices"], building)
    return pl.select(pl.when(kind == "").then(pl.lit("")).otherwise(name + kind)).to_series()
