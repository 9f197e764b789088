"""From raw text to validated records: every cell coerced, every row used or set aside with its reason.

Path: `contract` says what a column can be, one file per domain of life declares the tables, `coerce` reads cells,
`rules` sets aside what cannot be used, `validate` joins them and lets pandera check the outcome, `load` reads a source.
Knows no day but the extract's, no indicator and no model.
"""

from features.tables.child_in_need import (
    SsdAssessmentFactors,
    SsdCinAssessments,
    SsdCinEpisodes,
    SsdCinPlans,
    SsdCinVisits,
)
from features.tables.child_protection import (
    SsdCpPlans,
    SsdCpReviews,
    SsdInitialCpConference,
    SsdS47Enquiry,
)
from features.tables.contract import Column, Contract, columns_of
from features.tables.front_door import SsdContacts, SsdEarlyHelpEpisodes
from features.tables.looked_after import SsdClaEpisodes, SsdMissing, SsdSdqScores
from features.tables.people import SsdAddress, SsdDisability, SsdFamily, SsdMother, SsdPerson

_IN_ORDER: tuple[type[Contract], ...] = (
    SsdPerson,
    SsdFamily,
    SsdMother,
    SsdAddress,
    SsdDisability,
    SsdContacts,
    SsdEarlyHelpEpisodes,
    SsdCinEpisodes,
    SsdCinAssessments,
    SsdAssessmentFactors,
    SsdCinPlans,
    SsdCinVisits,
    SsdS47Enquiry,
    SsdInitialCpConference,
    SsdCpPlans,
    SsdCpReviews,
    SsdClaEpisodes,
    SsdMissing,
    SsdSdqScores,
)

CONTRACTS: dict[str, type[Contract]] = {contract.table: contract for contract in _IN_ORDER}
"""Every contract by its table's name; a table stands after each table that it refers to."""

ALWAYS_NEEDED: tuple[str, ...] = ("ssd_person", "ssd_contacts", "ssd_cin_episodes")
"""Without these there is no cohort and no escalation."""

ONE_OF_NEEDED: tuple[str, ...] = ("ssd_early_help_episodes", "ssd_cin_plans")
"""At least one of these must be there: without help that was given, nobody can be said to have moved up from it."""

__all__ = ["ALWAYS_NEEDED", "CONTRACTS", "ONE_OF_NEEDED", "Column", "Contract", "columns_of"]
