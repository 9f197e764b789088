"""The sub-commands of models: train, audit, release. Each only calls its package."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from features.progress import telling

app = typer.Typer()

PlanFile = Annotated[Path, typer.Option("--plan", help="A training plan, as experiments/plans/escalation.toml.")]
First = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the period.")]
Until = Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day of the period.")]
Reference = Annotated[
    list[str] | None,
    typer.Option(metavar="A=v", help="A group that the others are compared with; once for each column."),
]
Source = Annotated[str, typer.Argument(help="Records, in any form that `earlyhelp check` reads.")]


class Alias(StrEnum):
    """What a released model is for: to score with, or to be scored beside."""

    champion = "champion"
    challenger = "challenger"


class ScoreKind(StrEnum):
    """Whether scores may be read as probabilities."""

    probability = "probability"
    points = "points"


class Disclosure(StrEnum):
    """Who will read the audit, and so which small numbers are withheld."""

    internal = "internal"
    published = "published"


@app.command()
def train(
    source: Source,
    plan: PlanFile,
) -> None:
    """Train, calibrate, choose and audit as a plan says; print the MLflow run's id."""
    from training.pipeline import run_on
    from training.registry.plan import read_plan

    with telling() as say:
        run_id = run_on(source, read_plan(plan), say=say)
    print(run_id)


@app.command()
def release(
    run: Annotated[str, typer.Argument(help="The id that train printed.")],
    alias: Annotated[Alias, typer.Option(help="What the model is released for.")] = Alias.champion,
    accept_cannot_tell: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who accepts that the audit cannot tell.")
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why they accept it.")] = None,
) -> None:
    """Try every gate and release a run, or say what stands in the way."""
    from training.registry.release import release as release_run

    release_run(
        run,
        alias=alias.value,
        accepted_by=accept_cannot_tell,
        reason=reason,
        say=lambda line: print(line, file=sys.stderr),
    )


@app.command()
def audit(
    file: Annotated[Path | None, typer.Argument(help="A CSV or Parquet table of any model's scores.")] = None,
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="For audit.json, .html, .csv and cells.parquet.")],
    from_cells: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An audit's cells.parquet, instead of a table.")
    ] = None,
    outcome: Annotated[str | None, typer.Option(metavar="COL", help="What happened: 0/1 or true/false.")] = None,
    score: Annotated[str | None, typer.Option(metavar="COL", help="The score; higher means more likely.")] = None,
    groups: Annotated[str, typer.Option(metavar="A,B,C", help="Columns of characteristics.")] = "",
    threshold: Annotated[float | None, typer.Option(metavar="X", help="Flagged: a score of at least this.")] = None,
    capacity: Annotated[float | None, typer.Option(metavar="P", help="Flagged: this share of the highest.")] = None,
    score_kind: Annotated[ScoreKind | None, typer.Option(help="Told from the scores when not given.")] = None,
    cluster: Annotated[str | None, typer.Option(metavar="COL", help="Household, or any other cluster.")] = None,
    child: Annotated[
        str | None, typer.Option(metavar="COL", help="Whose row it is; else every row is a child.")
    ] = None,
    day: Annotated[str | None, typer.Option(metavar="COL", help="The row's day: is the time to see it cut?")] = None,
    reference: Reference = None,
    tolerance: Annotated[Path | None, typer.Option(metavar="FILE", help="TOML: largest gap by measure.")] = None,
    intersections: Annotated[int | None, typer.Option(min=2, max=3, help="Also pairs, or pairs and triples.")] = None,
    disclosure: Annotated[Disclosure, typer.Option(help="Who will read it.")] = Disclosure.internal,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The last audit's audit.json: what has changed.")
    ] = None,
) -> None:
    """Audit any table of outcomes, scores and groups, also of a model that is not ours."""
    from training.audit_commands import Asked, run_audit

    run_audit(
        Asked(
            file=file,
            from_cells=from_cells,
            against=against,
            out=out,
            tolerance=tolerance,
            settings={
                "outcome": outcome,
                "score": score,
                "groups": tuple(name.strip() for name in groups.split(",") if name.strip()),
                "threshold": threshold,
                "capacity": capacity,
                "score_kind": None if score_kind is None else score_kind.value,
                "cluster": cluster,
                "child": child,
                "day": day,
                "reference": reference or (),
                "intersections": intersections,
                "disclosure": disclosure.value,
            },
        ),
        say=print,
    )


@app.command()
def access(
    source: Source,
    first: First,
    until: Until,
    out: Annotated[Path, typer.Option(metavar="DIR", help="For access.json, access.html and access.csv.")],
    reference: Reference = None,
    disclosure: Annotated[Disclosure, typer.Option(help="Who will read it.")] = Disclosure.internal,
    plan: Annotated[Path | None, typer.Option(metavar="FILE", help="A plan: who could have been scored.")] = None,
    scores: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Scores of --from, as `earlyhelp score` writes them.")
    ] = None,
) -> None:
    """Look at who is known, who is offered help and what came of it, by group and at equal recorded need."""
    from training.access_commands import look_at_access
    from training.audit_commands import references_of

    with telling() as say:
        look_at_access(
            source,
            out,
            period=(first.date(), until.date()),
            how=(disclosure.value, references_of(reference or ())),
            files=(plan, scores),
            say=say,
        )
    print(f"Written: {out / 'access.html'}")
