"""Contract of the children who live in an authority: the denominator of every rate, and of nobody in particular."""

import polars as pl

from features.tables.contract import Contract, field, key


class ExtPopulation(Contract, table="ext_population", row_known_from="popu_date"):
    """How many children of one age, sex, ethnicity and tenth of deprivation lived in the authority on a day.

    Tenth 1 is the most deprived, as the indices are published. It has no person: no child can be looked up in it. Its
    day may be one that a projection speaks of, and never tells how far the records reach.
    """

    popu_table_id: pl.String = key(is_required=False)
    popu_date: pl.Date = field("date", is_required=True, may_be_missing=False, is_planned=True)
    popu_age: pl.Float64 = field("number", is_required=True, lowest=0)
    popu_sex: pl.String = field("code", codelist="sex")
    popu_ethnicity: pl.String = field("code", codelist="ethnicity")
    popu_deprivation_decile: pl.Float64 = field("number", lowest=1, highest=10)
    popu_children: pl.Float64 = field("number", is_required=True, lowest=0)
