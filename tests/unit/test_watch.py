"""Watching the service: what was shown and decided, people in the loop, and what came true and for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from serving.access import Role
from serving.decisions.models import Decided
from serving.monitoring import watch
from serving.monitoring.shown_rows import SCHEMA, near_the_top, shown_rows
from serving.pages.people_tables import SHARES, tables_of_gaps, tables_of_shares
from tests.drawing import records
from tests.serving_fixtures import WORKER, visitor
from training.audit.practice.decisions_counted import DECISIONS

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Engine

    from features.tables.records import Records
    from training.registry.bundle import Bundle

DAY, ENDS = date(2024, 3, 1), date(2025, 3, 31)
CHILDREN = [f"C{number:02}" for number in range(40)]


@pytest.fixture(scope="module")
def forty() -> Records:
    """Forty children, born in 2013 where even; of the first twenty every other one has a plan in 2024."""
    people = [f"{child} | {2013 + n % 2}-06-01 | {'MF'[n % 2]}" for n, child in enumerate(CHILDREN)]
    plans = [f"{child} | 2024-06-01 | 2024-09-01" for child in CHILDREN[:20:2]]
    return records(
        extract_day=ENDS,
        ssd_person="\n".join(["pers_person_id | pers_dob | pers_sex", *people]),
        ssd_cin_plans="\n".join(["cinp_person_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date", *plans]),
    )


def rows(children: list[str] = CHILDREN, *, day: date = DAY, model: str = "earlier", **columns: Any) -> pl.DataFrame:
    """Every child shown once, in the order of the list, of whom the first eight have a place."""
    n = len(children)
    drawn: dict[str, Any] = {
        "child": children,
        "as_of": day,
        "model_version": model,
        "score": [0.9 - 0.02 * place for place in range(n)],
        "rank": range(1, n + 1),
        "of": 40,
        "band": "as places allow",
        "role": "triage",
        "decision": ["offer_early_help"] * 8 + ["no_further_action"] * (n - 8),
        "reason": "agreed_with_family",
    }
    return pl.DataFrame(drawn | columns, schema=SCHEMA)


def entry(found: list[dict[str, Any]], measure: str, group: str | None = None) -> dict[str, Any]:
    return next(each["share"] for each in found if (each["measure"], each["group"]) == (measure, group))


def test_every_decision_that_can_be_taken_is_one_that_the_audit_knows() -> None:
    assert set(DECISIONS) == set(Decided)


def test_a_child_counts_once_a_day_with_the_last_decision(service: FastAPI, engine: Engine, reason: str) -> None:
    triage = visitor(service, Role.TRIAGE)
    for decided in ("need_more_information", "offer_early_help"):
        (shown,) = (c for f in triage.get("/v1/worklist").json()["families"] for c in f["children"] if c["rank"] == 1)
        sent = {"score_id": shown["score_id"], "decision": decided, "reason": reason}
        assert triage.post("/v1/decisions", json=sent).status_code == 201
    read = shown_rows(engine)
    assert read["child"].to_list() == ["C-ALONE", "C-LILY", "C-TOMOS"]
    assert read.filter(rank=1).select("role", "decision", "of").row(0) == ("triage", "offer_early_help", 3)
    assert read.filter(pl.col("rank") > 1)["decision"].to_list() == [None, None]


def test_no_child_no_score_no_name_and_no_note_is_in_an_answer(service: FastAPI, reason: str) -> None:
    triage, auditor = visitor(service, Role.TRIAGE), visitor(service, Role.AUDITOR)
    shown = triage.post("/v1/scores", json={"child_id": "C-LILY"}).json()
    sent = {"score_id": shown["score_id"], "decision": "no_further_action", "reason": reason, "note": "Rang the school"}
    triage.post("/v1/decisions", json=sent)
    for path in ("/v1/audits/people", "/v1/audits/watch"):
        told = auditor.get(path).text
        assert [word for word in ("C-LILY", "F-ONE", shown["score_id"], WORKER.subject, "school") if word in told] == []


def test_of_three_children_every_figure_is_withheld(service: FastAPI) -> None:
    visitor(service, Role.TRIAGE).get("/v1/worklist")
    told = visitor(service, Role.AUDITOR).get("/v1/audits/people").json()
    assert told["stated"] == ["Scores were shown, and no decision on them is in the log yet."]
    assert {tuple(each["share"]) for each in told["shares"]} == {("suppressed",)}


def test_before_anything_was_shown_that_is_said(service: FastAPI) -> None:
    auditor = visitor(service, Role.AUDITOR)
    people, seen = (auditor.get(f"/v1/audits/{what}").json() for what in ("people", "watch"))
    assert people["stated"] == ["No score has been shown to anybody yet, so there is no decision to look at."]
    assert (seen["stated"], seen["models"]) == (["No score has been shown to anybody yet."], [])


def test_before_a_horizon_is_over_that_is_said(forty: Records, drawn_bundle: Bundle) -> None:
    seen = watch.came_true(rows(day=ENDS - timedelta(days=364)), forty, drawn_bundle)
    assert seen.models == []
    assert "Every score was shown less than 365 days before the records end" in seen.stated[0]


def test_scores_that_came_true_are_audited_as_at_training(forty: Records, drawn_bundle: Bundle) -> None:
    (model,) = watch.came_true(rows(), forty, drawn_bundle).models
    assert model.audit is not None
    told = {name: model.audit["overall"][name] for name in ("prevalence", "selection_rate", "tpr")}
    assert {name: (each["k"], each["n"]) for name, each in told.items()} == {
        "prevalence": (10, 40),
        "selection_rate": (8, 40),
        "tpr": (4, 10),
    }
    assert (model.audit["settings"]["gated"], model.stated) == (list(drawn_bundle.manifest.plan.audit.gated), [])


def test_groups_are_as_known_on_the_day_of_the_list(forty: Records, drawn_bundle: Bundle) -> None:
    (model,) = watch.came_true(rows(), forty, drawn_bundle).models
    assert entry(model.followed_up, "outcome_known", "5-10")["n"] == 40
    people = watch.people(rows(day=ENDS), forty, drawn_bundle)
    assert entry(people.shares, "agreement", "11-15")["n"] == 20


def test_a_child_no_longer_in_the_records_did_not_stay_where_they_were(forty: Records, drawn_bundle: Bundle) -> None:
    gone = rows([*CHILDREN[:-6], *(f"GONE{number}" for number in range(6))])
    (model,) = watch.came_true(gone, forty, drawn_bundle).models
    overall = entry(model.followed_up, "outcome_known")
    assert (overall["k"], overall["n"]) == (34, 40)
    assert model.audit is not None
    assert model.audit["overall"]["n"] == 34


def test_people_are_seen_with_what_happened_after(forty: Records, drawn_bundle: Bundle) -> None:
    people = watch.people(rows(), forty, drawn_bundle)
    elsewhere = entry(people.afterwards, "escalated_elsewhere_ended")
    assert (elsewhere["k"], elsewhere["n"]) == (6, 32)
    assert entry(people.shares, "agreement")["value"] == 1.0


def test_what_a_model_learnt_from_is_no_proof_of_it(forty: Records, drawn_bundle: Bundle) -> None:
    own, before = drawn_bundle.manifest.model_version, drawn_bundle.manifest.as_of.labels_known_on - timedelta(days=1)
    (model,) = watch.came_true(rows(model=own, day=before), forty, drawn_bundle).models
    assert (model.audit, model.followed_up) == (None, [])
    assert "this model learnt from what happened then" in model.stated[0]


def test_each_model_is_audited_by_itself(forty: Records, drawn_bundle: Bundle) -> None:
    both = pl.concat([rows(day=DAY - timedelta(days=30), model="first"), rows(model="second")])
    seen = watch.came_true(both, forty, drawn_bundle)
    assert [model.model_version for model in seen.models] == ["first", "second"]
    assert (seen.n_days, seen.first_day, seen.models[1].first_day) == (2, DAY - timedelta(days=30), DAY)


def test_too_few_to_be_shown_is_said(forty: Records, drawn_bundle: Bundle) -> None:
    (model,) = watch.came_true(rows(CHILDREN[:4], decision=None), forty, drawn_bundle).models
    assert model.stated == [watch.TOO_FEW]


def test_near_the_top_are_the_places_there_are_and_who_shares_the_last(drawn_bundle: Bundle) -> None:
    own, last = drawn_bundle.manifest.model_version, drawn_bundle.manifest.plan.bands.names[-2]
    tied = rows(model=own, band=["as places allow"] * 7 + [last] * 3 + ["as places allow"] * 30)
    assert tied.select(near_the_top(drawn_bundle))["is_near_top"].to_list() == [True] * 10 + [False] * 30
    assert rows(of=41).select(near_the_top(drawn_bundle))["is_near_top"].sum() == 9


def test_only_the_newest_days_are_looked_at_and_that_is_said(
    forty: Records, drawn_bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST_DAYS", 2)
    three = pl.concat([rows(day=DAY - timedelta(days=back)) for back in (2, 1, 0)])
    people = watch.people(three, forty, drawn_bundle)
    assert (people.n_days, people.first_day) == (2, DAY - timedelta(days=1))
    assert people.stated[-1].startswith("Only the newest 2 days of the list")


def test_on_a_page_a_share_stands_with_its_interval_and_count(forty: Records, drawn_bundle: Bundle) -> None:
    shares = watch.people(rows(), forty, drawn_bundle).shares
    (everybody, *_) = tables_of_shares(shares, SHARES)
    assert everybody.rows[0][1][1] == "0% (0% to 11%) of 32"
    sexes = next(table for table in tables_of_gaps(shares) if table.name == "Sex")
    assert sexes.rows[0] == ("female", ("20% (8% to 42%) of 20", "20% (8% to 42%) of 20", *sexes.rows[0][1][2:]))
    assert sexes.rows[0][1][4].startswith("0 points (")
