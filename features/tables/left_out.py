"""Children with early help alone whom the extract left out of `ssd_person`.

Case systems do so unless they are told otherwise. Such a child has early help and a place in some other table, and
neither a contact nor a referral; an id that was typed wrong stands in one table alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.tables.draft import PERSON, owner_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.tables.draft import Draft

EARLY_HELP = "ssd_early_help_episodes"
BEYOND_EARLY_HELP = ("ssd_contacts", "ssd_cin_episodes")


def early_help_children_left_out(drafts: Mapping[str, Draft]) -> pl.Series:
    """Name the children who are left out.

    Parameters
    ----------
    drafts
        Every table, its cells read.

    Returns
    -------
    pl.Series
        Ids, without order; empty where there is no early help.
    """
    if EARLY_HELP not in drafts or PERSON not in drafts:
        return pl.Series("id", [], pl.String)
    known = pl.concat([_owners(drafts[PERSON]), *(_owners(drafts[t]) for t in BEYOND_EARLY_HELP if t in drafts)])
    helped = _owners(drafts[EARLY_HELP])
    unknown = helped.filter(~helped.is_in(known.unique().implode()))
    elsewhere = [_owners(draft) for name, draft in drafts.items() if name not in (EARLY_HELP, PERSON)]
    everywhere = pl.concat([pl.Series("id", [], pl.String), *elsewhere]).unique()
    return unknown.filter(unknown.is_in(everywhere.implode()))


def _owners(draft: Draft) -> pl.Series:
    whose = owner_column(draft.contract)
    if whose is None:
        return pl.Series("id", [], pl.String)
    return draft.frame[whose].drop_nulls().unique().alias("id")
