"""Reading the day in a cell, for comparing and ordering rows alone: what a reader gives on is the cell as it was.

Knows the forms that `features.tables.coerce_days` reads, and nothing of which day is plausible.
"""

import polars as pl

_TIME = r"[T ,]+\d{1,2}:\d{2}.*$"


def day_of(cell: pl.Expr) -> pl.Expr:
    """Read a cell's day: ISO or day first, with or without a time, `31 Mar 2024`, or Excel's count of days.

    Returns
    -------
    pl.Expr
        Date; null where the cell holds no day.

    Examples
    --------
    >>> cells = pl.Series("cell", ["31/03/2024", "2024-03-31 00:00:00", "45382", "soon"]).to_frame()
    >>> cells.select(day_of(pl.col("cell")).dt.to_string())["cell"].to_list()
    ['2024-03-31', '2024-03-31', '2024-03-31', None]
    """
    text = cell.str.strip_chars().str.replace(_TIME, "")
    iso = text.str.extract(r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2})$").str.replace_all("/", "-", literal=True)
    british = text.str.extract(r"^(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})$").str.replace_all("[.-]", "/")
    named = text.str.extract(r"^(\d{1,2}[- ][A-Za-z]{3}[- ]\d{4})$").str.replace_all("-", " ", literal=True)
    compact = text.str.extract(r"^(\d{8})$")
    serial = text.str.extract(r"^([1-9]\d{4})(?:\.\d+)?$").cast(pl.Int64, strict=False)
    return pl.coalesce(
        iso.str.to_date("%Y-%m-%d", strict=False),
        british.str.to_date("%d/%m/%Y", strict=False),
        named.str.to_date("%d %b %Y", strict=False),
        compact.str.to_date("%Y%m%d", strict=False),
        pl.date(1899, 12, 30) + pl.duration(days=serial),
    )
