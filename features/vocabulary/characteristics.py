"""Protected and other characteristics: audited, and who may be scored on them.

Equality Act 2010: sex, gender, ethnicity, religion, nationality and immigration status are audited and never scored;
assessment factors that stand for them are shown to the worker and never scored. Age and disability are scored *and*
audited. "Not known" is a group of its own and is never filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NEVER_SCORED_COLUMNS: frozenset[str] = frozenset(
    {"pers_sex", "pers_gender", "pers_ethnicity", "pers_nationality", "pers_forename", "pers_surname"}
)
"""Columns of `ssd_person` that no indicator may read."""

NEVER_SCORED_TABLES: frozenset[str] = frozenset({"ssd_immigration_status", "ssd_linked_identifiers", "ext_population"})
"""Tables that no indicator may count: immigration status, who holds a number of which office, and the population."""

NEVER_SCORED_FACTORS: frozenset[str] = frozenset({"8B", "8C", "9A", "22A", "23A"})
"""Assessment factors that stand for nationality, immigration status, ethnicity or religion: shown, never scored."""

ETHNIC_GROUP_OF: dict[str, str] = {
    **dict.fromkeys(("WBRI",), "White British"),
    **dict.fromkeys(("WIRI", "WIRT", "WOTH", "WROM"), "White other"),
    **dict.fromkeys(("MWBC", "MWBA", "MWAS", "MOTH"), "Mixed"),
    **dict.fromkeys(("AIND", "APKN", "ABAN", "AOTH", "CHNE"), "Asian"),
    **dict.fromkeys(("BCRB", "BAFR", "BOTH"), "Black"),
    **dict.fromkeys(("OOTH",), "Other ethnic group"),
}
"""The census's broad groups. `REFU` (refused) and `NOBT` (not yet obtained) are missing, not groups."""


NO_DISABILITY_RECORDED: tuple[str, ...] = ("NONE", "NOBT")
"""Codes of a row that records no disability: there is none, or it is not known. Any other row records one."""


@dataclass(frozen=True)
class Characteristic:
    """One characteristic by which the audit looks at children.

    Parameters
    ----------
    name
        Column of the audit's table.
    label
        As a report prints it.
    is_protected
        Under the Equality Act 2010 for this service. Age is not (s.28: under-18s), it is audited for safety.
    may_be_scored
        Whether an indicator may read it.
    """

    name: str
    label: str
    is_protected: bool
    may_be_scored: bool


CHARACTERISTICS: tuple[Characteristic, ...] = (
    Characteristic("ethnic_group", "Ethnic group", is_protected=True, may_be_scored=False),
    Characteristic("sex", "Sex", is_protected=True, may_be_scored=False),
    Characteristic("age_band", "Age band", is_protected=False, may_be_scored=True),
    Characteristic("disability", "Disability", is_protected=True, may_be_scored=True),
)


def in_order(group: str) -> list[str | int]:
    """Give what a characteristic's groups are sorted by: 5-10 before 11-15.

    Examples
    --------
    >>> sorted(["11-15", "5-10", "0"], key=in_order)
    ['0', '5-10', '11-15']
    """
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", group)]
