"""Reading a folder of SSD tables: whatever wrote the files, everything comes out as text under known names."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.sources.recognise import read_source
from features.vocabulary.errors import WrongUsageError

if TYPE_CHECKING:
    from pathlib import Path

    from features.sources.raw import RawTables

FAMILY = "FAMI_TABLE_ID,Fami_Family_Id,fami_person_id\n1,007,C1\n2,,Zoë\n"


def write(folder: Path, name: str, content: bytes | str) -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def read_folder(folder: Path) -> RawTables:
    (raw,) = read_source(folder, columns={})
    return raw


def only_family(folder: Path) -> pl.DataFrame:
    read = read_folder(folder)
    assert read.problems == ()
    return read.tables["ssd_family"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_encoding_and_separator_reads_alike(tmp_path: Path, encoding: str, separator: str, newline: str) -> None:
    text = FAMILY.replace(",", separator).replace("\n", newline)
    write(tmp_path, "ssd_family.csv", text.encode(encoding))
    assert only_family(tmp_path).rows() == [("1", "007", "C1"), ("2", None, "Zoë")]


def test_headers_come_out_in_lower_case(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", FAMILY)
    assert only_family(tmp_path).columns == ["fami_table_id", "fami_family_id", "fami_person_id"]


def test_a_table_is_known_by_its_headers_whatever_the_file_is_called(tmp_path: Path) -> None:
    write(tmp_path, "Export (3).CSV", FAMILY)
    assert only_family(tmp_path).height == 2


def test_headers_count_for_more_than_the_name(tmp_path: Path) -> None:
    write(tmp_path, "ssd_contacts.csv", FAMILY)
    assert list(read_folder(tmp_path).tables) == ["ssd_family"]


def test_parquet_becomes_text_and_whole_decimals_lose_their_point(tmp_path: Path) -> None:
    typed = {"fami_table_id": [1, 2], "fami_family_id": [7.0, None], "fami_person_id": ["C1", "C2"]}
    pl.DataFrame(typed).write_parquet(tmp_path / "x.parquet")
    assert only_family(tmp_path).rows() == [("1", "7", "C1"), ("2", None, "C2")]


@pytest.mark.parametrize("ids", [[7.0, float("nan")], [Decimal("7.000"), None]])
def test_ids_kept_as_numbers_in_parquet_read_as_their_digits(tmp_path: Path, ids: list[float]) -> None:
    frame = pl.DataFrame({"fami_table_id": [1, 2], "fami_family_id": ids, "fami_person_id": ["C1", "C2"]})
    frame.write_parquet(tmp_path / "x.parquet")
    assert only_family(tmp_path)["fami_family_id"].to_list() == ["7", None]


def test_numbers_too_large_to_be_counted_are_read_all_the_same(tmp_path: Path) -> None:
    frame = pl.DataFrame({"fami_table_id": [1.0], "fami_family_id": [1e300], "fami_person_id": ["C1"]})
    frame.write_parquet(tmp_path / "x.parquet")
    assert float(only_family(tmp_path)["fami_family_id"].item()) == 1e300


@pytest.mark.parametrize(
    "text", [FAMILY.replace("\n", "\r"), "sep=,\r\n" + FAMILY, '"sep=,"\n' + FAMILY, "\n" + FAMILY]
)
def test_what_spreadsheets_write_around_a_table_is_read_through(tmp_path: Path, text: str) -> None:
    write(tmp_path, "ssd_family.csv", text)
    assert only_family(tmp_path).rows() == [("1", "007", "C1"), ("2", None, "Zoë")]


def test_a_lost_link_in_place_of_a_file_is_a_problem_and_a_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    (tmp_path / "b.csv").symlink_to(tmp_path / "nowhere")
    assert [said.partition(" (")[0] for said in read_folder(tmp_path).problems] == ["b.csv: the file cannot be opened"]


def test_a_workbook_named_as_an_optional_table_beside_a_file_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", FAMILY)
    write(tmp_path, "ext_notes.xlsx", b"PK\x03\x04")
    assert read_folder(tmp_path / "ssd_family.csv").problems == ()


def test_the_hash_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", FAMILY)
    assert read_folder(tmp_path).hashes == {"ssd_family": hashlib.sha256(FAMILY.encode()).hexdigest()}


def test_files_without_a_needed_table_are_named_and_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "readme.txt", "about this extract\nnothing\n")
    write(tmp_path, ".hidden.csv", "\0")
    read = read_folder(tmp_path)
    assert (read.unread, read.problems, dict(read.tables)) == (("readme.txt",), (), {})


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("ssd_family.csv", "", "empty"),
        ("ssd_family.csv", "fami_family_id,fami_person_id\n1,2,secret\n", "do not fit its header"),
        ("ssd_family.csv", "fami_family_id,FAMI_FAMILY_ID\nsecret,2\n", "same name"),
        ("ssd_family.parquet", "PAR1 secret", "not a Parquet file"),
    ],
)
def test_a_broken_file_is_a_problem_without_a_cell(tmp_path: Path, name: str, content: str, problem: str) -> None:
    write(tmp_path, name, content)
    (said,) = read_folder(tmp_path).problems
    assert problem in said
    assert "secret" not in said


def test_blank_columns_to_the_right_are_left_out(tmp_path: Path) -> None:
    wider = "".join(f"{line}{',' * 200}\n" for line in FAMILY.splitlines())
    write(tmp_path, "export.csv", wider)
    assert only_family(tmp_path).columns == ["fami_table_id", "fami_family_id", "fami_person_id"]


def test_rows_that_go_on_to_the_right_of_the_header_are_read_where_nothing_stands_there(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", 'fami_table_id,fami_family_id\r\n1,007,,\r\n2,"a\nb"\r\n')
    assert only_family(tmp_path).rows() == [("1", "007"), ("2", "a\nb")]


def test_rows_that_an_open_quotation_took_into_a_cell_are_a_problem(tmp_path: Path) -> None:
    rows = [f"{n},C{n},2024-01-01,Step-up" for n in range(9)]
    rows[2], rows[7] = '2,"C2,2024-01-01,Step-up', '7,C7",2024-01-01,Step-up'
    header = "earl_episode_id,earl_person_id,earl_episode_start_date,earl_episode_end_reason"
    write(tmp_path, "ssd_early_help_episodes.csv", "\n".join([header, *rows]))
    (said,) = read_folder(tmp_path).problems
    assert "a quotation mark inside a cell is not quoted" in said


def test_a_comment_of_several_lines_is_a_cell(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", 'fami_family_id,fami_person_id,note\nF,C,"a, b\nc, d, e\nf, g\nh"\n')
    assert only_family(tmp_path)["note"].to_list() == ["a, b\nc, d, e\nf, g\nh"]


def test_a_first_row_too_long_for_a_header_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", "x" * 200_000)
    (said,) = read_folder(tmp_path).problems
    assert "no header" in said


def test_a_document_that_lies_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "ssd_family.csv", FAMILY)
    write(tmp_path, "notes.docx", b"PK\x03\x04 a letter")
    assert (read_folder(tmp_path).unread, read_folder(tmp_path).problems) == (("notes.docx",), ())


def test_a_second_source_of_one_kind_is_a_problem(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write(tmp_path, name, '[{"la_child_id": "1", "child_details": {"sex": "F"}, "social_care_episodes": []}]')
    (said,) = read_folder(tmp_path).problems
    assert said.startswith("b.json: is a second source of one kind")


def test_two_files_with_one_table_are_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", FAMILY)
    write(tmp_path, "b.csv", FAMILY)
    (said,) = read_folder(tmp_path).problems
    assert said == "b.csv: holds ssd_family, which another file of the folder holds too"


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsageError, match="no source of records"):
        read_folder(tmp_path / "nowhere")
