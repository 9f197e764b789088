"""The records on trial, in every run: recording, proxies, measurement, help, looking, and the time to see an outcome.

A score is only as even-handed as what it is made of. Each part asks one question of the records and ends as shares
that passed the one gate for small numbers; what cannot be asked of these records says so, with its reason. Nothing
here changes a model, and nothing here can tell need from looking, writing down and deciding.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from training.access_people import NEED
from training.audit.disclosure.shares import shown_shares
from training.audit.disclosure.shares_of_rows import share_of_rows
from training.audit.statistics.estimate import Undefined
from training.audit.trial.followup import cut_short, shares_around
from training.audit.trial.measurement import NEED_RATIO, measurement_section
from training.audit.trial.proxies import proxy_section
from training.audit.trial.recording import recording_section
from training.audit.trial.selective import GAMMAS, WHAT_IT_ASSUMES
from training.audit.trial.selective_fit import estimate_chances
from training.audit.trial.selective_shares import helped_shares, without_help_shares
from training.recorded_rows import (
    CHARACTERISTIC_NAMES,
    FACTORS_WRITTEN,
    HOMES,
    MEASURED,
    PROXIES,
    RECORDED,
    WRITTEN,
    assessment_rows,
    home_rows,
    proxy_rows,
    recording_rows,
)
from training.trial_looking import looking_section
from training.trial_rows import HELPED_WITHIN_DAYS, helped_rows, looked_at, timed_rows

if TYPE_CHECKING:
    import polars as pl

    from features.tables.records import Records
    from training.audit.settings import Disclosure
    from training.fitting import Fitted
    from training.registry.plan import Plan
    from training.splits import Fold
    from training.trial_rows import Helped

SCHEMA_VERSION = 1
"""Of `records_on_trial.json`, as `training/audit/trial.schema.json` describes it."""

DISCLOSURE: Disclosure = "internal"

CAN_BE_READ = "factors of an assessment"

ENDLESS = "so few that the interval has no end"

NO_HELP = (
    "The records hold no early help, so nobody can say from them who was helped. In service the decision log holds the "
    "offers; it is no part of the records that a model is trained on."
)
NO_SIBLINGS = (
    "No child has a brother or sister whose ethnic group is on record, so nobody can say whether one group is recorded "
    "less often than another."
)
NO_FACTORS = "The records hold no factors of assessments, so nobody can say which of them were written of whom."
NO_HOMES = "The records hold no postcodes of homes, so nobody can say whether a sector tells a group."
WHAT_HELP_IS = (
    f"Help is an early help episode that began within {HELPED_WITHIN_DAYS} days after the day, and before the outcome. "
    "A child who had the outcome before help could begin counts as not helped, which makes the outcome without help "
    "somewhat too common.",
    "Children are held alike by the score, the rung on the day, recorded need and characteristics. What is not "
    "recorded and led to help is not in it: gamma says how strong that would have to be.",
)
WHAT_FOLLOWS = (
    "A jump in the share with the outcome near the end of the data can mean that the time to see it was cut short, "
    "that records arrive late, or that something changed.",
)


def records_on_trial(records: Records, fold: Fold, chosen: Fitted, plan: Plan) -> dict[str, Any]:
    """Ask of the records what an audit of scores alone cannot.

    Parameters
    ----------
    records
        Validated records.
    fold
        The last origin: its test day is looked at.
    chosen
        The model that was chosen on it.
    plan
        Who could be scored, characteristics and capacity.

    Returns
    -------
    dict
        The content of `records_on_trial.json`; small numbers already withheld.
    """
    last = records.extract_day
    # why: threads of the linear algebra library wait for each other (40 times as long on a busy machine), and add in
    # an order of their own
    with threadpool_limits(1):
        known = recording_rows(records, as_of=last)
        content = {
            "schema_version": SCHEMA_VERSION,
            "settings": {
                "as_of": fold.origin.test.isoformat(),
                "records_end": last.isoformat(),
                "disclosure": DISCLOSURE,
                "groups": list(CHARACTERISTIC_NAMES),
                "capacity": plan.audit.capacity,
                "horizon_days": plan.outcome.horizon_days,
            },
            "recording": _recording(known),
            **_of_indicators(records, fold.origin.test, plan),
            "helped": _helped(helped_rows(records, fold, chosen, plan)),
            "surveillance": looking_section(looked_at(records, known["child"]), DISCLOSURE),
            "followup": _followup(fold),
        }
    found: dict[str, Any] = _with_an_end(content)
    return found


def _recording(known: pl.DataFrame) -> dict[str, Any]:
    """Say who is not recorded, and of whom it is more often so where a sibling tells the group."""
    # why: who is grown up by now has no age band either, though a birthday may be recorded
    columns = replace(RECORDED, characteristics=tuple(name for name in CHARACTERISTIC_NAMES if name != "age_band"))
    has_kin = known[RECORDED.known_by or ""].null_count() < known.height
    return recording_section(known, columns, DISCLOSURE) | {"not_looked_at": [] if has_kin else [NO_SIBLINGS]}


def _of_indicators(records: Records, as_of: date, plan: Plan) -> dict[str, Any]:
    """Say how well indicators tell groups, and whether they are written as often of one as of another."""
    rows, homes = proxy_rows(records, as_of=as_of, rule=plan.cohort), home_rows(records, as_of=records.extract_day)
    written = assessment_rows(records, as_of=records.extract_day)
    asked = dict.fromkeys((*NEED, *plan.rule_of_thumb.points))
    indicators = tuple(name for name in asked if name in MEASURED.indicators)
    measured = measurement_section(rows, replace(MEASURED, indicators=indicators), DISCLOSURE)
    told = proxy_section(rows, PROXIES, DISCLOSURE)
    told["homes"] = proxy_section(homes, HOMES, DISCLOSURE)["categories"] if homes.height else []
    del told["categories"]
    return {
        "proxies": told | {"not_looked_at": [] if homes.height else [NO_HOMES]},
        "measurement": {
            "factors": _of_factors(written) if written.height else [],
            "indicators": measured["shares"],
            "need_ratio": NEED_RATIO,
            "words": measured["words"],
            "not_looked_at": [] if written.height else [NO_FACTORS],
        },
    }


def _of_factors(written: pl.DataFrame) -> list[dict[str, Any]]:
    """Say whose assessments have factors that can be read, and of those which factors are written."""
    # why: the factors of an assessment are one text, which can be read or not; asked of each it would be told 38 times
    first, rest = FACTORS_WRITTEN[0], written.drop_nulls(list(FACTORS_WRITTEN))
    asked = replace(WRITTEN, indicators=(CAN_BE_READ,), written=())
    read = measurement_section(written.rename({first: CAN_BE_READ}), asked, DISCLOSURE)["shares"]
    return [*read, *measurement_section(rest, WRITTEN, DISCLOSURE)["shares"]]


def _helped(found: Helped | None) -> dict[str, Any]:
    """Say who was helped, and how measures stand against the outcome without help."""
    usual: dict[str, Any] = {"gammas": list(GAMMAS), "words": [*WHAT_HELP_IS, WHAT_IT_ASSUMES]}
    if found is None:
        return {"helped": [], "without_help": [], "covariates": [], **usual, "not_looked_at": [NO_HELP]}
    rows, groups = found.rows, found.groups
    chances = estimate_chances(rows, [column.codes for column in groups.values()])
    already = helped_shares(replace(rows, is_helped=found.had_help), groups)
    who = [*(replace(each, measure="had_help_on_the_day") for each in already), *helped_shares(rows, groups)]
    against = without_help_shares(rows, chances, groups=groups)
    shown = shown_shares([*who, *against], DISCLOSURE)
    why = [f"The outcome without help: {chances.reason}."] if isinstance(chances, Undefined) else []
    return {
        "helped": shown[: len(who)],
        "without_help": shown[len(who) :],
        "covariates": list(found.covariates),
        **usual,
        "not_looked_at": why,
    }


def _followup(fold: Fold) -> dict[str, Any]:
    """Say how common the outcome was on each day, and whether it jumps near the end."""
    day, outcome, cluster, child = timed_rows(fold)
    shares = []
    for value in (None, *np.unique(day).tolist()):
        called = (None, None) if value is None else ("as_of", _iso(value))
        chosen = None if value is None else day == value
        named = (*called, "outcome by day")
        shares.append(share_of_rows(named, outcome, is_chosen=chosen, cluster=cluster, whose=child))
    jump = cut_short(day, outcome, cluster=cluster)
    around = [] if jump is None else shares_around(jump, day, outcome, cluster=cluster, child=child)
    return {
        "by_day": shown_shares(shares, DISCLOSURE),
        "jump": None if jump is None else {"first_day": _iso(jump.first_moment), "reason": jump.reason},
        "around": shown_shares(around, DISCLOSURE),
        "words": list(WHAT_FOLLOWS),
        "not_looked_at": [],
    }


def _iso(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(day))).isoformat()


def _with_an_end(part: Any) -> Any:
    """Say of a figure whose interval has no end that there is none, for JSON knows no endless number."""
    if isinstance(part, list):
        return [_with_an_end(each) for each in part]
    if not isinstance(part, dict):
        return part
    if any(isinstance(each, float) and not math.isfinite(each) for each in part.values()):
        return {"undefined": ENDLESS}
    return {name: _with_an_end(each) for name, each in part.items()}
