"""Which addresses were a home on a day, and who lived there together.

An address at which many people are written is none: a hostel, a refuge, a school, an office, or what somebody typed for
"not known". Such addresses are told by numbers alone and left out before anybody is paired with anybody. A home says
that people live together; it does not say that they are related. This file knows addresses; who is of one family it is
told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from features.as_of import View
    from features.engines.engine import Frame

# The numbers are ours: what is missed by a home too many left out is little, since families and mothers are on record
# nearly always, while a hostel taken for a home makes relatives of strangers. Eight children and their parents.
LARGEST_HOME = 10

# A home passes from one family to the next every few years: three families of five in two years are still believed,
# while in a hostel of six rooms so many people come and go in months.
MOST_IN_TWO_YEARS = 15
TWO_YEARS = 730

# Two families share a home where a grown-up child moved back, or two parents moved together; three are a hostel.
MOST_FAMILIES_AT_HOME = 2

# Words of an authority's own types that say that an address is nobody's family home.
NO_FAMILY_HOME = r"placement|foster|residential|hostel|refuge|school|office|prison|hospital|correspondence"


def homes_on(view: View, *, families: Frame | None) -> Frame | None:
    """Give who lived in which home on the view's day.

    Parameters
    ----------
    view
        What was known on the day; a span counts when it had begun and its end was not known or lay ahead.
    families
        `child_id`, `family_id` of `ssd_family`, one row a person; None where the source does not say.

    Returns
    -------
    LazyFrame or None
        `child_id`, `group_id` (the home's fingerprint, never to be shown or stored), each pair once; a person may have
        two homes. Only homes of two people and more. None when the source has no `ssd_address`.
    """
    if "ssd_address" not in view.tables:
        return None
    lived = _lived(view)
    n_people = lived.group_by("group_id").agg(nw.len().alias("n_lately"), nw.col("is_here").sum().alias("n_here"))
    small = n_people.filter(
        nw.col("n_here") > 1, nw.col("n_here") <= LARGEST_HOME, nw.col("n_lately") <= MOST_IN_TWO_YEARS
    )
    here = lived.filter(nw.col("is_here") == 1).select("child_id", "group_id")
    here = here.join(small.select("group_id"), on="group_id", how="semi")
    return here if families is None else _without_many_families(here, families)


def _lived(view: View) -> Frame:
    """Give who lived at which address in the two years until the day, and whether on the day itself."""
    ended = nw.col("addr_address_end_date_day")
    lately = view.tables["ssd_address"].filter(
        ~nw.col("addr_address_json").is_null(),
        ~nw.col("addr_person_id").is_null(),
        ended.is_null() | (ended > view.day - TWO_YEARS),
        ~nw.col("addr_address_type").str.contains(NO_FAMILY_HOME).fill_null(False),
    )
    spans = lately.select(
        nw.col("addr_person_id").alias("child_id"),
        nw.col("addr_address_json").alias("group_id"),
        nw.when(ended.is_null() | (ended > view.day)).then(nw.lit(1)).otherwise(nw.lit(0)).alias("is_here"),
    )
    return spans.group_by("child_id", "group_id").agg(nw.col("is_here").max())


def _without_many_families(here: Frame, families: Frame) -> Frame:
    known = here.join(families, on="child_id", how="inner").select("group_id", "family_id").unique()
    many = known.group_by("group_id").agg(nw.len().alias("n_families"))
    return here.join(many.filter(nw.col("n_families") > MOST_FAMILIES_AT_HOME), on="group_id", how="anti")
