"""Contract of young people who left care and are still supported."""

import polars as pl

from features.tables.contract import SELF, Contract, field, key, person


class SsdCareLeavers(Contract, table="ssd_care_leavers", row_known_from="clea_care_leaver_latest_contact"):
    """How a young person who left care lives, as last heard.

    One row a person, written over at each contact: on a day before the latest contact nothing of it is known, and
    nothing of those who were never reached. So *not in touch* without a contact stays unknown, which no other day in
    the table could mend; that a row is there says already that the young person was in care. The personal adviser's
    name is not read: nothing here needs it (data minimisation, UK GDPR art. 5(1)(c)).
    """

    clea_table_id: pl.String = key(is_required=False)
    clea_person_id: pl.String = person()
    clea_care_leaver_eligibility: pl.String = field("code", codelist="care_leaver_eligibility")
    clea_care_leaver_in_touch: pl.String = field("code", codelist="care_leaver_in_touch")
    clea_care_leaver_latest_contact: pl.Date = field("date", is_required=True)
    clea_care_leaver_accommodation: pl.String = field("code", codelist="care_leaver_accommodation")
    clea_care_leaver_accom_suitable: pl.String = field("code", codelist="care_leaver_accommodation_suitability")
    clea_care_leaver_activity: pl.String = field("code", codelist="care_leaver_activity")
    clea_pathway_plan_review_date: pl.Date = field("date", known_from=SELF, reason="a review is known when it is held")
    clea_care_leaver_allocated_team: pl.String = field("id")
    clea_care_leaver_worker_id: pl.String = field("id")
