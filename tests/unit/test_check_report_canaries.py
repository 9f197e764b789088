"""Nothing that a record holds gets out: a whole check of records in which every cell sings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.check.check import check
from features.tables import CONTRACTS, columns_of
from features.tables.kinds import KINDS
from features.tables.load import examine_source
from features.vocabulary.errors import UnusableRecordsError

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "zzqcanary"
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}/\d{4}\b")


def sing(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Put a canary into every id and text, into every other row of every other column, and into headers of our own."""
    stated = columns_of(CONTRACTS[table])
    everywhere = [n for n in frame.columns if n.lower() in stated and stated[n.lower()].kind in ("id", "text")]
    spoilt = [
        n
        for n in frame.columns
        if n.lower() in stated and stated[n.lower()].is_required is False and n not in everywhere
    ]
    odd = pl.int_range(pl.len()) % 2 == 1
    whole = [pl.format(f"{CANARY}{{}}", pl.col(n)).alias(n) for n in everywhere]
    halved = [pl.when(odd).then(pl.lit(f"{CANARY}{n}")).otherwise(pl.col(n)).alias(n) for n in spoilt]
    return frame.with_columns(*whole, *halved, pl.lit(CANARY).alias(f"{CANARY}_header"))


@pytest.fixture(scope="module")
def singing(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated authority's records with a canary in each cell, and files of odd names beside."""
    folder = tmp_path_factory.mktemp("singing")
    for file in authority.iterdir():
        frame = pl.read_csv(file, infer_schema=False)
        sing(frame, file.stem.lower()).write_csv(folder / file.name)
    (folder / f"{CANARY} notes.csv").write_text(f"{CANARY},b\n1,2\n")
    return folder


@pytest.fixture(scope="module")
def written(singing: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that a check says and writes outside the quarantine."""
    out = tmp_path_factory.mktemp("out")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLYHELP_HOME", str(out / "home"))
        try:
            check(singing, json_out=out / "r.json", html_out=out / "r.html", say=said.append)
        except UnusableRecordsError as refused:
            said.append(str(refused))
    return "\n".join([*said, (out / "r.json").read_text(), (out / "r.html").read_text()])


def test_the_canaries_were_there_and_most_rows_were_used(singing: Path) -> None:
    records = examine_source(singing).examined.records
    assert records.tables["ssd_contacts"].height > 1_000
    assert records.tables["ssd_contacts"]["cont_person_id"].str.starts_with(CANARY).all()


def test_no_canary_gets_out(written: str) -> None:
    assert len(written) > 100_000
    assert CANARY not in written.lower()


def test_no_day_gets_out_but_the_records_last(written: str, singing: Path) -> None:
    last = examine_source(singing).examined.records.extract_day
    our_own_examples = set(DAY.findall(" ".join(kind.reason + kind.mend for kind in KINDS.values())))
    assert set(DAY.findall(written)) - our_own_examples == {last.isoformat()}
