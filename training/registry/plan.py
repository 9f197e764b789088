"""A training plan: every value that changes a result, written down before anything is computed.

Nothing has a default. A plan is read from TOML, travels whole into the MLflow run and the released bundle, and is
what serving reads for bands and reasons. It knows no record and no model.
"""

from __future__ import annotations

import math
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from features.cohort import CohortRule
from features.outcomes import OutcomeRule
from features.sources.raw import Kind
from features.vocabulary.errors import WrongUsageError
from training.audit import AuditSettings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

Share = Annotated[float, Field(gt=0, le=1)]


class Part(BaseModel):
    """A part of a plan: it cannot be changed, and a word that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Heading(Part):
    """What the plan is called, and which outcome it learns."""

    name: str
    outcome: Literal["escalation"]


class RecordsRule(Part):
    """How much of a table may be unusable before training stops, and which of several sources wins."""

    max_set_aside: Annotated[float, Field(ge=0, le=1)]
    first_wins: tuple[Kind, ...]


class Origin(Part):
    """One rolling origin: days to train on, a later day to calibrate on, a later one still to test on."""

    train: Annotated[tuple[date, ...], Field(min_length=1)]
    calibrate: date
    test: date

    @property
    def days(self) -> tuple[date, ...]:
        """All its days."""
        return (*self.train, self.calibrate, self.test)


class IndicatorsRule(Part):
    """Indicators of the catalogue that no learner may read."""

    leave_out: tuple[str, ...]


class RuleOfThumb(Part):
    """What a triage team does today: points for each indicator that is at least 1."""

    points: Annotated[dict[str, int], Field(min_length=1)]


class LogisticRule(Part):
    """How the logistic regression is fitted; `penalty` is the weight of the squared coefficients."""

    penalty: Annotated[float, Field(gt=0)]
    max_iterations: Annotated[int, Field(gt=0)]


class LightgbmRule(Part):
    """How the trees are grown; `threads` changes the model's text, so it is part of the plan."""

    rounds: Annotated[int, Field(gt=0)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    leaves: Annotated[int, Field(gt=1)]
    depth: Annotated[int, Field(gt=0)]
    min_rows_in_leaf: Annotated[int, Field(gt=0)]
    l2: Annotated[float, Field(ge=0)]
    share_of_indicators: Share
    share_of_rows: Share
    seed: Annotated[int, Field(ge=0)]
    threads: Annotated[int, Field(gt=0)]


class ChoiceRule(Part):
    """When a more complicated learner earns its place: what it must gain, and how sure that must be."""

    least_gain: Annotated[float, Field(ge=0)]
    draws: Annotated[int, Field(ge=100)]
    seed: Annotated[int, Field(ge=0)]


class NeighboursRule(Part):
    """How the interval beside a score is read: from how many children, at how many scores."""

    children: Annotated[int, Field(ge=200)]
    knots: Annotated[int, Field(ge=10, le=500)]


class Bands(Part):
    """Bands of the worklist: shares of the capacity, the rest of the list last.

    `shares` are cumulated shares of the places there are (`capacity` is a share of the list); one name more than
    shares, because the last band is everyone below them.
    """

    capacity: Share
    names: Annotated[tuple[str, ...], Field(min_length=2)]
    shares: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Bands:
        if len(self.names) != len(self.shares) + 1 or len(set(self.names)) != len(self.names):
            raise ValueError("names must differ and be one more than shares")
        if list(self.shares) != sorted(set(self.shares)) or self.capacity * self.shares[-1] > 1:
            raise ValueError("shares must increase, and the last times capacity must not exceed 1")
        return self

    def last_ranks(self, listed: int) -> tuple[int, ...]:
        """Give the last rank of each band but the final one, in a list of so many children.

        Examples
        --------
        >>> Bands(capacity=0.2, names=("first", "next", "others"), shares=(0.5, 1.0)).last_ranks(101)
        (11, 21)
        """
        # Rounded first: 0.1 * 110 is a hair above 11 in binary and would give a twelfth place.
        return tuple(math.ceil(round(share * self.capacity * listed, 9)) for share in self.shares)


class AuditRule(Part):
    """What the audit at training looks at, and how large a gap is tolerated, set beforehand.

    `tolerance` is the largest tolerated gap by measure, in the measure's own unit; `primary` names the
    characteristics whose verdicts stand together as one family and decide on a release: at least one.
    """

    characteristics: Annotated[tuple[str, ...], Field(min_length=1)]
    primary: Annotated[tuple[str, ...], Field(min_length=1)]
    capacity: Share
    gated: Annotated[tuple[str, ...], Field(min_length=1)]
    tolerance: dict[str, Annotated[float, Field(gt=0)]]
    reference: dict[str, str]

    @model_validator(mode="after")
    def _names_what_it_gates(self) -> AuditRule:
        if set(self.gated) - set(self.tolerance):
            raise ValueError("every gated measure needs a tolerance")
        if set(self.primary) - set(self.characteristics):
            raise ValueError("primary names a characteristic that characteristics does not")
        return self

    def settings_on(self, table: pl.DataFrame, *, outcome: str, child: str, capacity: float) -> AuditSettings:
        """Give what an audit of a table of scores is asked, at training and in service alike.

        Parameters
        ----------
        table
            Has `score`, `cluster` and the characteristics; a reference that nobody has is left out.
        outcome, child
            Its columns.
        capacity
            Share that there are places for.
        """
        return AuditSettings(
            outcome,
            "score",
            self.characteristics,
            capacity=capacity,
            score_kind="probability",
            cluster="cluster",
            child=child,
            reference={name: group for name, group in self.reference.items() if group in table[name].to_list()},
            tolerance=self.tolerance,
            gated=self.gated,
            primary=self.primary,
        )


class Decisions(Part):
    """The reasons that a person may give for a decision: a code and its words."""

    reasons: Annotated[dict[str, str], Field(min_length=1)]


class Plan(Part):
    """A whole training plan; see each part."""

    plan: Heading
    cohort: CohortRule
    outcome: OutcomeRule
    records: RecordsRule
    origin: Annotated[tuple[Origin, ...], Field(min_length=1)]
    indicators: IndicatorsRule
    rule_of_thumb: RuleOfThumb
    logistic: LogisticRule
    lightgbm: LightgbmRule
    choice: ChoiceRule
    neighbours: NeighboursRule
    bands: Bands
    audit: AuditRule
    decisions: Decisions


def _problems(error: ValidationError) -> list[str]:
    """Say each problem by its place in the plan; the value itself is left out."""
    return [
        f"{'.'.join(str(step) for step in problem['loc']) or 'plan'}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    ]


def parse_plan(content: dict[str, Any]) -> Plan:
    """Make a plan of what a TOML file holds.

    Raises
    ------
    WrongUsageError
        With every problem at once: a word missing, unknown, or out of its range.
    """
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        problems = _problems(error)
    raise WrongUsageError(
        f"The plan cannot be used, {len(problems)} problem(s): " + "; ".join(problems) + ".",
        hint="Compare it with experiments/plans/escalation.toml, which names every value.",
    )


def _unknown_indicators(plan: Plan) -> list[str]:
    from features.indicators.catalogue import CATALOGUE

    known = {indicator.name for indicator in CATALOGUE}
    return sorted((set(plan.rule_of_thumb.points) | set(plan.indicators.leave_out)) - known)


def _not_scored(plan: Plan) -> list[str]:
    from features.indicators.catalogue import SCORED

    return sorted(set(plan.rule_of_thumb.points) - {indicator.name for indicator in SCORED})


def read_plan(path: Path) -> Plan:
    """Read a training plan.

    Parameters
    ----------
    path
        A TOML file.

    Returns
    -------
    Plan

    Raises
    ------
    WrongUsageError
        When there is no such file, it is no TOML, or it is no plan: all problems at once. Also when it names an
        indicator that the catalogue does not, or gives points to one that no model may read.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsageError(
            f"The plan could not be read ({type(error).__name__}).",
            hint="Give a TOML file, for example experiments/plans/escalation.toml.",
        ) from None
    plan = parse_plan(content)
    unknown = _unknown_indicators(plan)
    if unknown:
        raise WrongUsageError(
            f"The plan names indicators that the catalogue does not have: {', '.join(unknown)}.",
            hint="earlyhelp catalogue prints every indicator's name.",
        )
    not_scored = _not_scored(plan)
    if not_scored:
        raise WrongUsageError(
            f"The plan's rule of thumb gives points to indicators that no model may read: {', '.join(not_scored)}.",
            hint="Take them out of rule_of_thumb.points: they are shown to the worker, never scored.",
        )
    return plan
