"""Contracts of what is meant to last: the plan for a child in care, adoption and other orders, now and before.

Adopters' sex, status and number, agencies' registration numbers and workers are not read: nothing here needs them
(data minimisation, UK GDPR art. 5(1)(c)).
"""

import polars as pl

from features.tables.contract import SELF, Contract, ending, event, field, key, person

PERIOD = "ssd_cla_episodes.clae_cla_id"
DECIDED = "a decision is known from its day"
ORDERED = "which order it is, is known when it is made"
MATCHED = "who is placed together is known when adopters are found"


class SsdClaCarePlan(Contract, table="ssd_cla_care_plan", row_known_from="lacp_cla_care_plan_start_date"):
    """The plan for where a looked-after child is to grow up; what was hoped for, not what came of it."""

    lacp_table_id: pl.String = key(is_required=False)
    lacp_person_id: pl.String = person()
    lacp_cla_care_plan_start_date: pl.Date = event()
    lacp_cla_care_plan_end_date: pl.Date = ending("lacp_cla_care_plan_start_date")
    lacp_cla_care_plan_json: pl.String = field("codes", codelist="json_care_plan_keys")


class SsdClaPreviousPermanence(Contract, table="ssd_cla_previous_permanence", row_known_from="lapp_known_date"):
    """An adoption or order that a child had before, as asked when they come into care.

    That there is a row says that the child came into care, so it is known from the day on which they last did, which
    validation attaches; of a child who is in no episode of care it is never known. The order's own day is often written
    in part (`zz/05/2020`), nothing needs it, and it is not read; nor is the authority that arranged it.
    """

    lapp_table_id: pl.String = key(is_required=False)
    lapp_person_id: pl.String = person()
    lapp_previous_permanence_option: pl.String = field("code", codelist="previous_permanence")
    lapp_known_date: pl.Date = field("date", is_derived=True)


class SsdPermanence(Contract, table="ssd_permanence", row_known_from="perm_known_date"):
    """The way to adoption, or to another order with which a child leaves care for good.

    One row gathers decisions of several years, so each is known from its own day, and the row from the first of them,
    which validation attaches; a row without any is never known. The day on which a child came to a foster carer who
    adopted them later is not read: it is written only where the adoption came, so it would tell of it years before.
    """

    perm_table_id: pl.String = key(is_required=False)
    perm_person_id: pl.String = person()
    perm_cla_id: pl.String = field("id", references=PERIOD)
    perm_adm_decision_date: pl.Date = field("date", known_from=SELF, reason=DECIDED)
    perm_ffa_cp_decision_date: pl.Date = field("date", known_from=SELF, reason=DECIDED)
    perm_placed_ffa_cp_date: pl.Date = field("date", known_from=SELF, reason="a move is known when it happens")
    perm_placement_order_date: pl.Date = field("date", known_from=SELF, reason="an order is known when it is made")
    perm_matched_date: pl.Date = field("date", known_from=SELF, reason=DECIDED)
    perm_placed_for_adoption_date: pl.Date = field("date", known_from=SELF, reason="a move is known when it happens")
    perm_part_of_sibling_group: pl.Int8 = field("flag", known_from="perm_matched_date", reason=MATCHED)
    perm_siblings_placed_together: pl.Float64 = field(
        "number", known_from="perm_matched_date", reason=MATCHED, lowest=0
    )
    perm_siblings_placed_apart: pl.Float64 = field("number", known_from="perm_matched_date", reason=MATCHED, lowest=0)
    perm_decision_reversed_date: pl.Date = field("date", known_from=SELF, reason=DECIDED)
    perm_decision_reversed_reason: pl.String = field(
        "code",
        codelist="adoption_decision_reversed_reason",
        known_from="perm_decision_reversed_date",
        reason="why is known when the decision is taken back",
    )
    perm_permanence_order_date: pl.Date = field("date", known_from=SELF, reason="an order is known when it is made")
    perm_permanence_order_type: pl.String = field(
        "code", codelist="permanence_order_type", known_from="perm_permanence_order_date", reason=ORDERED
    )
    perm_adopted_by_carer_flag: pl.Int8 = field("flag", known_from="perm_permanence_order_date", reason=ORDERED)
    perm_known_date: pl.Date = field("date", is_derived=True)
