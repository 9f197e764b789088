"""The sub-commands of facts: simulate, check, indicators, catalogue. Each only calls its package."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from features.progress import telling

app = typer.Typer()

SOURCE_HELP = (
    "A folder of SSD tables (CSV or Parquet), an Annex A workbook, a CIN census, a folder of SSDA903 files, Welsh "
    "returns, a DfE API file, a folder of several of these, or a database URL."
)
JsonFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write it as JSON.")]
Source = Annotated[str, typer.Argument(help=SOURCE_HELP)]
AsOf = Annotated[datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day at whose end we stand.")]

PROFILES_HELP = "Also how each child stands among those of the same age and rung, by domain: a Parquet file."
DISTANCE_HELP = "Also the distance travelled on every scale of an assessment tool: a Parquet file."
PLANT_HELP = (
    "Plant unfairness of a known size, to try an audit on: recording, surveillance, access, label, measurement, proxy. "
    "May be given several times."
)
DEFAULT_UNTIL = datetime(2025, 3, 31)  # a constant: the clock never decides what is simulated


class Profile(StrEnum):
    """Whose published figures the invented families resemble."""

    england = "england"
    wales = "wales"
    newport = "newport"


class FileFormat(StrEnum):
    """How the records of a simulation are written: as SSD tables, or as another source that an authority may hold."""

    csv = "csv"
    parquet = "parquet"
    annex_a = "annex-a"
    cin_xml = "cin-xml"
    ssda903 = "ssda903"
    wales = "wales"
    dfe_api = "dfe-api"


class Engine(StrEnum):
    """What computes the indicators."""

    polars = "polars"
    spark = "spark"


@app.command()
def simulate(
    children: Annotated[int, typer.Option(min=100, help="Children known to services over the years.")],
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")],
    profile: Annotated[Profile, typer.Option(help="Whose published figures to resemble.")],
    out: Annotated[Path, typer.Option(help="A folder that does not exist yet: records/ and truth/ go there.")],
    years: Annotated[int, typer.Option(min=1, max=18, help="Years of records.")] = 6,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day of the records.")] = DEFAULT_UNTIL,
    recorded_on: Annotated[bool, typer.Option("--recorded-on", help="Say when each row was entered.")] = False,
    plant: Annotated[list[str] | None, typer.Option(metavar="NAME[=SIZE]", help=PLANT_HELP)] = None,
    dirt: Annotated[float, typer.Option(min=0.0, max=0.5, help="Share of rows to spoil as real extracts do.")] = 0.0,
    file_format: Annotated[FileFormat, typer.Option("--format", help="How tables are written.")] = FileFormat.csv,
) -> None:
    """Invent an authority: families, services and their records, with the truth beside them."""
    from features.synthetic import simulate as invent
    from features.synthetic.planted import read_planted

    planted = read_planted(plant or ())
    with telling() as say:
        invent(
            children=children,
            seed=seed,
            profile=profile.value,
            out=out,
            until=until.date(),
            years=years,
            recorded_on=recorded_on,
            planted=planted,
            dirt=dirt,
            file_format=file_format.value,
            say=say,
        )


@app.command()
def check(
    source: Source,
    json: JsonFile = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as a page.")] = None,
    against: Annotated[str | None, typer.Option(metavar="EARLIER", help="An earlier extract, to compare with.")] = None,
) -> None:
    """Say whether records will do, what is wrong with them and where, and what is most worth mending."""
    from features.check.check import check as check_source

    check_source(source, against=against, json_out=json, html_out=html, say=print)


@app.command()
def indicators(
    source: Source,
    as_of: AsOf,
    out: Annotated[Path, typer.Option(help="A Parquet file.")],
    engine: Annotated[Engine, typer.Option(help="What computes them.")] = Engine.polars,
    profiles: Annotated[Path | None, typer.Option(metavar="FILE", help=PROFILES_HELP)] = None,
    distance: Annotated[Path | None, typer.Option(metavar="FILE", help=DISTANCE_HELP)] = None,
) -> None:
    """Write the indicators of every child as they were known at a day's end."""
    from features.indicators.tables_out import write_indicators
    from features.tables.computed_by import computed_by, require_engine
    from features.tables.load import load_records
    from features.vocabulary.errors import WrongUsageError
    from features.vocabulary.out_file import require_room_for

    files = [file for file in (out, profiles, distance) if file is not None]
    for file in files:
        require_room_for(file)
    if len({file.resolve() for file in files}) < len(files):
        raise WrongUsageError("Two results are to be written to one file.", hint="Name a file of its own for each.")
    require_engine(engine.value)
    with telling() as say:
        say("reading the records")
        records = load_records(source)
        say("building the indicators")
        with computed_by(engine.value, records) as known:
            write_indicators(known, as_of=as_of.date(), out=out, profiles_out=profiles, distance_out=distance)


@app.command()
def catalogue(json: JsonFile = None) -> None:
    """Print every indicator in words."""
    from features.indicators.catalogue import catalogue_lines, catalogue_text
    from features.vocabulary.out_file import write_whole

    if json is not None:
        text = catalogue_text()
        write_whole(json, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))
    else:
        print("\n".join(catalogue_lines()))
