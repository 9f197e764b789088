"""From raw text to validated records: every cell coerced, every row used or set aside with its reason.

Path: `load` reads a source and `join` makes one of several; `contract` says what a column can be and one file per
domain of life declares the tables; `coerce` reads cells into a `draft`, `extract` tells the last day, `attach` adds
what other tables say, `rules` take out what cannot be used, `settle` parts the rows and says each finding by its
`kinds`; `validate` does so table by table and lets pandera check the outcome, which are the `records`. Knows no day but
the extract's, no indicator and no model.
"""

from features.tables.care_health import SsdClaConvictions, SsdClaHealth, SsdClaImmunisations, SsdClaSubstanceMisuse
from features.tables.care_leaving import SsdCareLeavers
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
    SsdCpVisits,
    SsdInitialCpConference,
    SsdS47Enquiry,
)
from features.tables.contract import Column, Contract, columns_of
from features.tables.front_door import SsdContacts, SsdEarlyHelpEpisodes
from features.tables.help_given import ExtFamilyAssessments, ExtFamilyViews, ExtServices
from features.tables.looked_after import SsdClaEpisodes, SsdClaReviews, SsdClaVisits, SsdMissing, SsdSdqScores
from features.tables.never_needed import NEVER_NEEDED
from features.tables.people import (
    SsdAddress,
    SsdDisability,
    SsdFamily,
    SsdImmigrationStatus,
    SsdLinkedIdentifiers,
    SsdMother,
    SsdPerson,
)
from features.tables.permanence import SsdClaCarePlan, SsdClaPreviousPermanence, SsdPermanence
from features.tables.place import ExtDeprivation
from features.tables.placements import SsdClaPlacement, SsdLegalStatus
from features.tables.population import ExtPopulation
from features.tables.school import ExtSchoolAttendance, SsdSenNeed
from features.tables.workers import SsdDepartment, SsdInvolvements, SsdProfessionals

_IN_ORDER: tuple[type[Contract], ...] = (
    SsdPerson,
    SsdFamily,
    SsdMother,
    SsdAddress,
    SsdDisability,
    SsdImmigrationStatus,
    SsdLinkedIdentifiers,
    SsdProfessionals,
    SsdDepartment,
    SsdContacts,
    SsdEarlyHelpEpisodes,
    SsdCinEpisodes,
    SsdCinAssessments,
    SsdAssessmentFactors,
    SsdCinPlans,
    SsdCinVisits,
    SsdInvolvements,
    SsdS47Enquiry,
    SsdInitialCpConference,
    SsdCpPlans,
    SsdCpReviews,
    SsdCpVisits,
    SsdClaEpisodes,
    SsdClaPlacement,
    SsdLegalStatus,
    SsdClaReviews,
    SsdClaVisits,
    SsdClaCarePlan,
    SsdClaPreviousPermanence,
    SsdPermanence,
    SsdClaHealth,
    SsdClaImmunisations,
    SsdClaSubstanceMisuse,
    SsdClaConvictions,
    SsdSdqScores,
    SsdMissing,
    SsdCareLeavers,
    SsdSenNeed,
    ExtSchoolAttendance,
    ExtServices,
    ExtFamilyAssessments,
    ExtFamilyViews,
    ExtPopulation,
    ExtDeprivation,
)

CONTRACTS: dict[str, type[Contract]] = {contract.table: contract for contract in _IN_ORDER}
"""Every contract by its table's name.

A table stands after each table that it cannot do without; where two point to each other, the first points to a later.
"""

ALWAYS_NEEDED: tuple[str, ...] = ("ssd_person", "ssd_contacts", "ssd_cin_episodes")
"""Without these there is no cohort and no escalation."""

ONE_OF_NEEDED: tuple[str, ...] = ("ssd_early_help_episodes", "ssd_cin_plans")
"""At least one of these must be there: without help that was given, nobody can be said to have moved up from it."""

READ_WHOLE: tuple[str, ...] = (
    *ALWAYS_NEEDED,
    *ONE_OF_NEEDED,
    "ssd_cin_assessments",
    "ssd_cp_plans",
    "ssd_cla_episodes",
)
"""The tables that say where children stand on the ladder: where one is there and lacks a column that it cannot do
without, nothing is computed. Any other such table is left unread, as if it were absent, and that is said."""


__all__ = ["ALWAYS_NEEDED", "CONTRACTS", "NEVER_NEEDED", "ONE_OF_NEEDED", "Column", "Contract", "columns_of"]
