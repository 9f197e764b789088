"""Which table of the Standard Safeguarding Dataset, or which optional `ext_` table, a file holds.

Told by its headers: the columns of each table have a prefix of their own. Its name is asked only when its headers say
nothing. Files are read by `recognise`.
"""

from __future__ import annotations

from collections import Counter

PREFIXES: dict[str, str] = {
    "pers": "ssd_person",
    "fami": "ssd_family",
    "moth": "ssd_mother",
    "addr": "ssd_address",
    "disa": "ssd_disability",
    "cont": "ssd_contacts",
    "earl": "ssd_early_help_episodes",
    "cine": "ssd_cin_episodes",
    "cina": "ssd_cin_assessments",
    "cinf": "ssd_assessment_factors",
    "cinp": "ssd_cin_plans",
    "cinv": "ssd_cin_visits",
    "s47e": "ssd_s47_enquiry",
    "icpc": "ssd_initial_cp_conference",
    "cppl": "ssd_cp_plans",
    "cppr": "ssd_cp_reviews",
    "clae": "ssd_cla_episodes",
    "miss": "ssd_missing",
    "csdq": "ssd_sdq_scores",
    "immi": "ssd_immigration_status",
    "link": "ssd_linked_identifiers",
    "prof": "ssd_professionals",
    "dept": "ssd_department",
    "invo": "ssd_involvements",
    "cppv": "ssd_cp_visits",
    "clap": "ssd_cla_placement",
    "lega": "ssd_legal_status",
    "clar": "ssd_cla_reviews",
    "clav": "ssd_cla_visits",
    "lacp": "ssd_cla_care_plan",
    "lapp": "ssd_cla_previous_permanence",
    "perm": "ssd_permanence",
    "clah": "ssd_cla_health",
    "clai": "ssd_cla_immunisations",
    "clas": "ssd_cla_substance_misuse",
    "clac": "ssd_cla_convictions",
    "clea": "ssd_care_leavers",
    "senn": "ssd_sen_need",
    "scho": "ext_school_attendance",
    "serv": "ext_services",
    "fama": "ext_family_assessments",
    "famv": "ext_family_views",
    "popu": "ext_population",
    "depr": "ext_deprivation",
}
"""The prefix of each table's columns, of the standard's tables and then of the optional `ext_` tables.

Tables of the standard that nothing here needs are not named and not read; see `features.tables.NEVER_NEEDED`.
"""


def recognise(stem: str, headers: list[str]) -> str | None:
    """Tell which table a file holds.

    Parameters
    ----------
    stem
        The file's name without its ending.
    headers
        In lower case.

    Returns
    -------
    str or None
        The table whose prefix most headers carry; else the table that the file is named as; else None.

    Examples
    --------
    >>> recognise("export (3)", ["fami_family_id", "fami_person_id", "extracted"])
    'ssd_family'
    >>> recognise("SSD_Family", ["family", "person"]), recognise("notes", ["text"])
    ('ssd_family', None)
    """
    prefixes = Counter(header.split("_", 1)[0] for header in headers if "_" in header)
    named = [(n, PREFIXES[prefix]) for prefix, n in prefixes.items() if prefix in PREFIXES]
    n_most, table = max(named, default=(0, ""))
    if 2 * n_most > len(headers):
        return table
    stem = stem.lower().removeprefix("dbo.").removeprefix("csc.")
    return stem if stem in PREFIXES.values() else None
