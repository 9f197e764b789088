"""What a data manager meets: an extract that cannot be used, one with single faults, and wrong usage."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

import earlyhelp


@pytest.fixture
def copied(authority: Path, tmp_path: Path) -> Path:
    """A copy of the simulated records, to be spoiled."""
    return Path(shutil.copytree(authority, tmp_path / "records"))


def spoil(folder: Path, table: str, column: str, value: str, rows: int = 1) -> None:
    """Overwrite the first cells of a column."""
    file = next(f for f in folder.iterdir() if f.stem.lower() == table)
    frame = pl.read_csv(file, infer_schema=False)
    name = next(c for c in frame.columns if c.lower() == column)
    spoilt = pl.when(pl.int_range(pl.len()) < rows).then(pl.lit(value)).otherwise(pl.col(name))
    frame.with_columns(spoilt.alias(name)).write_csv(file)


def test_a_missing_table_ends_with_2_and_says_which(
    copied: Path, session_home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    next(f for f in copied.iterdir() if f.stem.lower() == "ssd_contacts").unlink()
    code = earlyhelp.run(["indicators", str(copied), "--as-of", "2024-03-31", "--out", str(tmp_path / "m.parquet")])
    said = capsys.readouterr()
    assert code == 2
    assert "ssd_contacts" in said.err
    assert "Hint:" in said.err
    assert not (tmp_path / "m.parquet").exists()


def test_distance_without_its_table_ends_with_2_before_anything_is_written(
    copied: Path, session_home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    next(f for f in copied.iterdir() if f.stem.lower() == "ext_family_assessments").unlink()
    files = ["--out", str(tmp_path / "m.parquet"), "--distance", str(tmp_path / "d.parquet")]
    assert earlyhelp.run(["indicators", str(copied), "--as-of", "2024-03-31", *files]) == 2
    assert "ext_family_assessments" in capsys.readouterr().err
    assert list(tmp_path.glob("*.parquet")) == []


def test_two_results_in_one_file_are_refused(
    session_home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one = str(tmp_path / "m.parquet")
    words = ["indicators", "nowhere", "--as-of", "2024-03-31", "--out", one, "--profiles", one]
    assert earlyhelp.run(words) == 64
    assert "Two results are to be written to one file" in capsys.readouterr().err


def test_check_of_an_unusable_extract_writes_its_report_and_ends_with_2(
    copied: Path, session_home: Path, tmp_path: Path
) -> None:
    next(f for f in copied.iterdir() if f.stem.lower() == "ssd_person").unlink()
    assert earlyhelp.run(["check", str(copied), "--json", str(tmp_path / "check.json")]) == 2
    assert "ssd_person" in (tmp_path / "check.json").read_text()


def test_single_faults_are_counted_and_the_rest_is_used(
    copied: Path, session_home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    spoil(copied, "ssd_contacts", "cont_contact_date", "31/02/2024", rows=3)
    spoil(copied, "ssd_cin_episodes", "cine_cin_primary_need_code", "Q7", rows=2)
    spoil(copied, "ssd_missing", "miss_person_id", "nobody-of-that-name")
    assert earlyhelp.run(["check", str(copied), "--json", str(tmp_path / "check.json")]) == 0
    said = capsys.readouterr().out
    assert "6" in said
    assert "31/02/2024" not in said + (tmp_path / "check.json").read_text()
    assert "nobody-of-that-name" not in said + (tmp_path / "check.json").read_text()


@pytest.mark.parametrize(
    "words",
    [
        ["check", "no-such-folder"],
        ["train", "no-such-folder", "--plan", "no-such-plan.toml"],
        ["score", "no-such-folder", "--as-of", "2024-03-31", "--out", "x.parquet"],
        ["indicators"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_ends_with_64(words: list[str], session_home: Path) -> None:
    assert earlyhelp.run(words) == 64


def test_without_a_home_nothing_is_written_and_64_is_given(
    authority: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("EARLYHELP_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    assert earlyhelp.run(["check", str(authority)]) == 64
    assert "EARLYHELP_HOME" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("table", ["ssd_person", "ssd_contacts", "ssd_cin_episodes"])
def test_a_needed_table_without_a_row_ends_with_2(
    copied: Path, session_home: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    file = next(f for f in copied.iterdir() if f.stem.lower() == table)
    pl.read_csv(file, infer_schema=False).head(0).write_csv(file)
    assert earlyhelp.run(["check", str(copied)]) == 2
    assert f"{table}: the table has no row" in capsys.readouterr().err


def test_a_needed_table_of_which_no_row_can_be_used_ends_with_2(
    copied: Path, session_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(copied, "ssd_contacts", "cont_contact_date", "31/02/24", rows=1_000_000)
    assert earlyhelp.run(["check", str(copied)]) == 2
    assert re.search(r"ssd_contacts: none of its \d+ rows can be used", capsys.readouterr().err)


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_a_simulation_beyond_the_calendar_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], until: str
) -> None:
    options = ["--children", "100", "--seed", "1", "--profile", "wales", "--until", until]
    assert earlyhelp.run(["simulate", *options, "--out", str(tmp_path / "out")]) == 64
    assert "out of range" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["indicators", "check", "catalogue"])
@pytest.mark.parametrize("place", ["no-such-folder/out", "a-folder", "a-file/out"])
def test_a_file_that_cannot_be_written_is_wrong_usage_and_leaves_nothing(
    authority: Path, session_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, place: str
) -> None:
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "a-file").touch()
    source = [] if command == "catalogue" else [str(authority)]
    option = ["--as-of", "2024-03-31", "--out"] if command == "indicators" else ["--json"]
    assert earlyhelp.run([command, *source, *option, str(tmp_path / place)]) == 64
    assert "Hint:" in capsys.readouterr().err
    assert sorted(left.name for left in tmp_path.iterdir()) == ["a-file", "a-folder"]


def test_indicators_of_a_day_after_the_records_are_refused(
    authority: Path, session_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.parquet"
    assert earlyhelp.run(["indicators", str(authority), "--as-of", "2060-01-01", "--out", str(out)]) == 64
    assert "after the records' last day" in capsys.readouterr().err
    assert not out.exists()


def test_a_home_that_cannot_be_made_is_wrong_usage(
    authority: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path / "a-file"))
    assert earlyhelp.run(["check", str(authority)]) == 64
    assert "EARLYHELP_HOME" in capsys.readouterr().err
