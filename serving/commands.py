"""The sub-commands of service: score, serve, token, verify-log. Each only calls its package."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from features.progress import telling

app = typer.Typer()

Source = Annotated[str, typer.Argument(help="Records, in any form that `earlyhelp check` reads.")]


class Engine(StrEnum):
    """What computes the indicators."""

    polars = "polars"
    spark = "spark"


class RoleName(StrEnum):
    """Who a token lets in."""

    triage = "triage"
    data_scientist = "data_scientist"
    auditor = "auditor"


@app.command()
def score(
    source: Source,
    as_of: Annotated[datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day at whose end we stand.")],
    out: Annotated[Path, typer.Option(help="A Parquet file.")],
    model: Annotated[str, typer.Option(help="champion, challenger, or the id of a released run.")] = "champion",
    explain: Annotated[bool, typer.Option("--explain", help="Add what each indicator gave.")] = False,
    engine: Annotated[Engine, typer.Option(help="What computes the indicators.")] = Engine.polars,
) -> None:
    """Score every child of the cohort on a day."""
    from features.sources.recognise import require_source
    from features.tables.computed_by import computed_by, require_engine
    from features.vocabulary.out_file import require_room_for
    from serving.scoring.day import score_day, write_scores
    from training.registry.bundle import read_champion
    from training.registry.planned_records import load_as_planned

    require_source(source)
    require_room_for(out)
    require_engine(engine.value)
    bundle = read_champion(model)
    with telling() as say:
        say("reading the records")
        records = load_as_planned(source, bundle.manifest.plan.records)
        say("scoring the day")
        with computed_by(engine.value, records) as known:
            write_scores(score_day(known, bundle, as_of=as_of.date()), out, is_explained=explain)


@app.command()
def serve(
    records: Annotated[str, typer.Option(help="Records, in any form that `earlyhelp check` reads.")],
    host: Annotated[str, typer.Option(help="Where to listen; the machine itself alone unless named.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0 for any free.")] = 8000,
) -> None:
    """Serve the pages and the API."""
    from serving.run import serve as run

    run(records, host=host, port=port)


@app.command()
def token(
    role: Annotated[RoleName, typer.Option(help="What the person is here to do.")],
    subject: Annotated[str, typer.Option(help="The name that the log shows.")],
    hours: Annotated[float, typer.Option(min=0.01, max=24, help="How long it holds.")] = 8,
) -> None:
    """Print a token for local development, for the API and for /sign-in."""
    from serving.access import Role, issue_token, signing_key
    from serving.app import now
    from serving.settings import check_development, read_settings

    settings = read_settings()
    check_development(settings)
    key = signing_key(settings)
    print(issue_token(subject, Role(role.value), hours=hours, key=key, now=now()))


@app.command("verify-log")
def verify_log(
    expect: Annotated[str | None, typer.Option(help="COUNT:HASH as printed before; the log may have grown.")] = None,
) -> None:
    """Follow the log of decisions from its first entry, and print COUNT:HASH of its newest."""
    from serving.database import open_database
    from serving.decisions.entry import parse_head
    from serving.decisions.log import verify
    from serving.settings import read_settings

    expected = None if expect is None else parse_head(expect)
    engine = open_database(read_settings())
    try:
        print(verify(engine, expect=expected))
    finally:
        engine.dispose()
