"""The population that children known to services come from: the denominator of every rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import chosen, ids
from features.synthetic.population import population_days

if TYPE_CHECKING:
    from features.synthetic.cells import Case
    from features.synthetic.population import Counts


def record_population(case: Case, counts: Counts) -> dict[str, pl.DataFrame]:
    """Write how many children lived in the authority on each 31 March, as an authority would take it from a census.

    `popu_deprivation_decile` is 1 for the most deprived tenth of neighbourhoods and 10 for the least.
    """
    found = counts.population
    day, years, male, ethnicity, deprivation = np.nonzero(found)
    days = pl.Series([case.months.last_day(t) for t in population_days(case.months)], dtype=pl.Date)
    table = pl.DataFrame(
        {
            "popu_table_id": ids(len(day), first=1),
            "popu_date": days.gather(day),
            "popu_age": pl.Series(years).cast(pl.String),
            "popu_sex": chosen(["F", "M"], male),
            "popu_ethnicity": chosen(list(case.profile.ethnicity), ethnicity),
            "popu_deprivation_decile": pl.Series(found.shape[-1] - deprivation).cast(pl.String),
            "popu_children": pl.Series(found[day, years, male, ethnicity, deprivation]).cast(pl.String),
        }
    )
    return {"ext_population": table}
