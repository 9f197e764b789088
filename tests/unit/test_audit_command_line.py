"""What `earlyhelp audit` says on the command line: every refusal tells what to do, and success says where to look."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

import earlyhelp
from features.vocabulary.errors import UnusableRecordsError, WrongUsageError
from tests.drawing import table
from training.audit import AuditSettings
from training.audit.files_out import write_together
from training.audit.intake import take_in
from training.audit_commands import references_of, tolerances_of

ASKED = ["--outcome", "came_true", "--score", "score", "--groups", "sex", "--capacity", "0.25"]
SETTINGS = AuditSettings("came_true", "score", ("sex",), capacity=0.5)
BLACK = "Black, African, Caribbean"


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Scores of 240 rows; a group's name holds commas, and another's begins as a formula does."""
    drawn = {"came_true": [0, 0, 0, 1] * 60, "score": [0.1, 0.2, 0.3, 0.6] * 60, "sex": [BLACK, "=1+1"] * 120}
    pl.DataFrame(drawn).write_csv(tmp_path / "scores.csv")
    return tmp_path / "scores.csv"


def _drawn(**columns: list[str]) -> pl.DataFrame:
    drawn = table("""
        child | came_true | score | sex
        ------|-----------|-------|----
        A     | 0         | 0.1   | F
        A     | 1         | 0.6   | F
        B     | 0         | 0.3   | M
    """)
    return drawn.with_columns(**{name: pl.Series(cells) for name, cells in columns.items()})


def _audit(*asked: str | Path) -> int:
    return earlyhelp.run(["audit", *map(str, asked)])


def test_rows_without_a_child_are_counted_and_refused():
    with pytest.raises(UnusableRecordsError, match=r"2 of 3 rows have no child in 'child'") as raised:
        take_in(
            _drawn(child=["A", "", " "]), AuditSettings("came_true", "score", ("sex",), capacity=0.5, child="child")
        )
    assert "leave out --child, and then every row counts as a child" in raised.value.hint.lower()


def test_a_child_without_a_household_stays_alone():
    asked = AuditSettings("came_true", "score", ("sex",), capacity=0.5, child="child", cluster="home")
    assert take_in(_drawn(home=["", "", ""]), asked).n_clusters == 2


def test_outcomes_of_yes_and_no_are_told_what_to_write_and_not_to_leave_rows_out():
    with pytest.raises(UnusableRecordsError, match="3 of 3 outcomes in 'came_true' are not 0/1") as raised:
        take_in(_drawn(came_true=["yes", "no", "no"]), SETTINGS)
    assert raised.value.hint == "Write outcomes as 1 and 0, or as true and false."


def test_scores_with_a_sign_of_per_cent_are_told_what_to_write():
    with pytest.raises(UnusableRecordsError, match="3 of 3 scores in 'score' are not numbers") as raised:
        take_in(_drawn(score=["3.4%", "4%", "5%"]), SETTINGS)
    assert raised.value.hint.startswith("Write scores as bare numbers")


def test_missing_and_unreadable_outcomes_are_counted_apart():
    with pytest.raises(UnusableRecordsError, match=r"1 of 3 outcomes .* missing; 2 of 3 outcomes .* not 0/1") as raised:
        take_in(_drawn(came_true=["", "yes", "no"]), SETTINGS)
    assert raised.value.hint.startswith("Leave out, on purpose and with a reason, the rows that have no outcome; write")


@pytest.mark.parametrize("twice", ["came_true", "score", "child", "sex_of_home"])
def test_a_column_with_another_part_to_play_is_no_characteristic(twice: str):
    asked = AuditSettings("came_true", "score", ("sex", twice), capacity=0.5, child="child", cluster="sex_of_home")
    with pytest.raises(WrongUsageError, match=f"'{twice}' is the .*, and no characteristic of children"):
        take_in(_drawn(sex_of_home=["F", "F", "M"]), asked)


def test_the_outcome_is_not_its_own_score():
    with pytest.raises(WrongUsageError, match="both the outcome and the score"):
        take_in(_drawn(), AuditSettings("came_true", "came_true", ("sex",), capacity=0.5))


@pytest.mark.parametrize("text", ["tpr = true", 'tpr = "0.1"', f"tpr = 1{'0' * 400}"])
def test_a_tolerance_that_is_no_number_is_refused(text: str, tmp_path: Path):
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongUsageError, match="could not be read"):
        tolerances_of(tmp_path / "t.toml")


@pytest.mark.parametrize("out", ["a_file", "a_file/below"])
def test_a_place_where_no_folder_can_be_is_wrong_usage(
    out: str, scores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a_file").write_text("not a folder")
    assert _audit(scores, *ASKED, "--out", tmp_path / out) == 64
    assert "cannot be made there" in capsys.readouterr().err


def test_access_refuses_such_a_place_before_it_reads_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "a_file").write_text("not a folder")
    period = ["--from", "2024-01-01", "--until", "2024-05-31"]
    assert earlyhelp.run(["access", str(tmp_path / "none"), *period, "--out", str(tmp_path / "a_file")]) == 64
    assert "cannot be made there" in capsys.readouterr().err


def test_files_that_cannot_be_written_are_wrong_usage_and_leave_nothing(tmp_path: Path):
    (tmp_path / "two" / "in the way").mkdir(parents=True)
    files = {"one": Path.touch, "two": Path.touch}
    with pytest.raises(WrongUsageError, match=r"cannot be written to .* \(IsADirectoryError\)"):
        write_together(tmp_path, files)
    assert not list(tmp_path.glob(".audit-*"))


def test_a_reference_may_hold_commas(scores: Path, tmp_path: Path):
    assert _audit(scores, *ASKED, "--reference", f"sex={BLACK}", "--out", tmp_path / "out") == 0


def test_a_reference_is_given_once_for_each_column():
    assert references_of([f"ethnic_group={BLACK}", "sex=F"]) == {"ethnic_group": BLACK, "sex": "F"}
    with pytest.raises(WrongUsageError, match="two references"):
        references_of(["sex=F", "sex=M"])


def test_no_name_in_the_table_of_figures_is_read_as_a_formula(scores: Path, tmp_path: Path):
    assert _audit(scores, *ASKED, "--out", tmp_path / "out") == 0
    with (tmp_path / "out" / "audit.csv").open(encoding="utf-8", newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert {line["group"] for line in lines} == {"", BLACK, "'=1+1"}
    assert any(line["value"].startswith("-") for line in lines)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["scores", *ASKED[:-2]], "Give one of --threshold and --capacity"),
        (["scores", *ASKED, "--threshold", "0.5"], "Give one of --threshold and --capacity, not both"),
        ([], "Give a table, or --from-cells"),
        (["scores", "--from-cells", "scores"], "either a table or --from-cells"),
    ],
)
def test_a_command_line_that_does_not_fit_together_names_the_options(
    asked: list[str], said: str, scores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert _audit(*(scores if word == "scores" else word for word in asked), "--out", tmp_path / "out") == 64
    assert said in capsys.readouterr().err


def test_success_says_in_one_line_where_the_page_is_and_what_came_out(
    scores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "t.toml").write_text("prevalence = 0.9\n")
    assert _audit(scores, *ASKED, "--tolerance", tmp_path / "t.toml", "--out", tmp_path / "out") == 0
    assert capsys.readouterr().out == (
        f"Written: {tmp_path / 'out' / 'audit.html'}; of 2 comparisons: 0 outside the tolerance, 2 within it, "
        "0 for which the numbers cannot tell.\n"
    )


def test_success_without_a_tolerance_says_that_nothing_was_judged(
    scores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert _audit(scores, *ASKED, "--out", tmp_path / "out") == 0
    assert capsys.readouterr().out.endswith("audit.html; nothing was judged, as no tolerance was given.\n")
