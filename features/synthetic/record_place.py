"""How deprived the neighbourhood of each postcode is, as an authority looks it up in the published indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from features.synthetic.cells import Case

# Ours: a new estate's postcode, or one that is no longer used, stands in no lookup.
IN_NO_LOOKUP = 0.03
# Districts are numbered from the least deprived tenth, indices from the most: the two numbers of a place make this sum.
LEAST_AND_MOST = 11


def record_place(case: Case, addresses: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Write the tenth of deprivation of the postcodes at which somebody lived, some of them left out.

    Parameters
    ----------
    case
        Everything that is there to be recorded.
    addresses
        `ssd_address` as it is written.

    Returns
    -------
    dict of str to polars.DataFrame
        `ext_deprivation`, in the order of postcodes. `depr_decile` is 1 for the most deprived tenth of neighbourhoods
        and 10 for the least.
    """
    postcodes = addresses["addr_address_postcode"].drop_nulls().unique().sort()
    district = postcodes.str.head(-3).str.strip_prefix(case.profile.postcode_area).cast(pl.Int64)
    is_listed = pl.Series(case.draws("record place").random(len(postcodes)) >= IN_NO_LOOKUP)
    table = pl.DataFrame({"depr_postcode": postcodes, "depr_decile": (LEAST_AND_MOST - district).cast(pl.String)})
    return {"ext_deprivation": table.filter(is_listed)}
