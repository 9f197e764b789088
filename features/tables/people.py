"""Contracts of the tables that say who people are and how they belong together.

None of these tables says when a row was entered. `ssd_person`, `ssd_family` and `ssd_disability` have no event date
at all and count *as extracted*.
"""

import polars as pl

from features.tables.contract import SELF, Contract, ending, event, field, key, person


class SsdPerson(Contract, table="ssd_person"):
    """Every person in the records: children, and parents where the authority keeps them.

    Forename, surname, NHS number, unique pupil number and the legacy id are not read: nothing here needs them (data
    minimisation, UK GDPR art. 5(1)(c)). Sex, gender, ethnicity and nationality are read for the audit alone.
    """

    pers_person_id: pl.String = key()
    pers_sex: pl.String = field("code", codelist="sex")
    pers_gender: pl.String = field("code", codelist="gender")
    pers_ethnicity: pl.String = field("code", codelist="ethnicity")
    pers_dob: pl.Date = field("date", is_required=True, known_from=SELF, reason="a birth is known when it happens")
    pers_upn_unknown: pl.String = field("code", codelist="upn_unknown")
    pers_send_flag: pl.Int8 = field("flag")
    pers_expected_dob: pl.Date = field("date", is_planned=True, instead_of="pers_dob")
    pers_death_date: pl.Date = field(
        "date", known_from=SELF, not_before="pers_dob", reason="a death is known when it happens"
    )
    pers_is_mother: pl.Int8 = field("flag")
    pers_nationality: pl.String = field("text")


class SsdFamily(Contract, table="ssd_family"):
    """Which family a person belongs to, as the authority groups them; not who lives together."""

    fami_table_id: pl.String = key(is_required=False)
    fami_family_id: pl.String = field("id", is_required=True, may_be_missing=False)
    fami_person_id: pl.String = person()


class SsdMother(Contract, table="ssd_mother", row_known_from="moth_childs_dob"):
    """Who is the mother of which child.

    A mother need not stand in `ssd_person`: her id still says which children are siblings. A child's day of birth that
    is missing here is filled from `ssd_person`.
    """

    moth_table_id: pl.String = key(is_required=False)
    moth_person_id: pl.String = field("id", is_required=True, may_be_missing=False)
    moth_childs_person_id: pl.String = person()
    moth_childs_dob: pl.Date = field("date")


class SsdAddress(Contract, table="ssd_address", row_known_from="addr_address_start_date"):
    """Where a person lived from when to when.

    The address itself is not kept: only its postcode, and a fingerprint that says whether two addresses are the same.
    """

    addr_table_id: pl.String = key(is_required=False)
    addr_address_json: pl.String = field("address")
    addr_person_id: pl.String = person()
    addr_address_type: pl.String = field("text")
    addr_address_start_date: pl.Date = event()
    addr_address_end_date: pl.Date = ending("addr_address_start_date")
    addr_address_postcode: pl.String = field("postcode")


class SsdDisability(Contract, table="ssd_disability"):
    """A disability recorded of a person. A code that is not in the list leaves its row: of unknown kind."""

    disa_table_id: pl.String = key(is_required=False)
    disa_person_id: pl.String = person()
    disa_disability_code: pl.String = field("code", codelist="disability", is_required=True)


class SsdImmigrationStatus(
    Contract, table="ssd_immigration_status", row_known_from="immi_immigration_status_start_date"
):
    """A person's immigration status, from when to when. Read for the audit alone, never scored.

    A status that is an authority's own word leaves its row: of unknown kind.
    """

    immi_immigration_status_id: pl.String = key()
    immi_person_id: pl.String = person()
    immi_immigration_status: pl.String = field("code", codelist="immigration_status")
    immi_immigration_status_start_date: pl.Date = event()
    immi_immigration_status_end_date: pl.Date = field(
        "date",
        is_required=True,
        is_planned=True,
        known_from=SELF,
        not_before="immi_immigration_status_start_date",
        reason="leave to remain is given until a day ahead; that it ended is known when the day comes",
    )


class SsdLinkedIdentifiers(Contract, table="ssd_linked_identifiers", row_known_from="link_valid_from_date"):
    """That a person has a number in another system, and in which; the number itself is not read.

    Health service, pupil and insurance numbers find a person anywhere, and nothing here needs them (data minimisation,
    UK GDPR art. 5(1)(c)).
    """

    link_table_id: pl.String = key(is_required=False)
    link_person_id: pl.String = person()
    link_identifier_type: pl.String = field("code", codelist="linked_identifier_type")
    link_valid_from_date: pl.Date = field("date")
    link_valid_to_date: pl.Date = field(
        "date",
        is_planned=True,
        known_from=SELF,
        not_before="link_valid_from_date",
        reason="a number is given until a day ahead; that it ended is known when the day comes",
    )
