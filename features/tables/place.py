"""Contract of what is published of places, and of nobody in them: how deprived the neighbourhood of a postcode is."""

import polars as pl

from features.tables.contract import Contract, field


class ExtDeprivation(Contract, table="ext_deprivation"):
    """The tenth of all neighbourhoods by deprivation in which each postcode lies.

    Tenth 1 is the most deprived, as the indices are published. It says nothing of any family in that neighbourhood. A
    postcode without a row is not known; it is not a postcode without deprivation. It has no person and no date: it
    counts *as extracted*.

    References
    ----------
    English Indices of Deprivation; Welsh Index of Multiple Deprivation. Both number the tenths from the most deprived.
    """

    depr_postcode: pl.String = field("postcode", unique=True, is_required=True, may_be_missing=False)
    depr_decile: pl.Float64 = field("number", is_required=True, lowest=1, highest=10)
