"""A table to audit is read whatever program wrote it, or refused with the kind of its fault and no cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from features.vocabulary.errors import UnusableRecordsError
from training.audit.table_file import read_table

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = 'came_true,score,ethnic_group\n1,0.3,"Black, African"\n0,0.1,Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}\n'
ROWS = [("1", "0.3", "Black, African"), ("0", "0.1", "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}")]
BY_SEMICOLON = WRITTEN.replace(",", ";").replace("; African", ", African")


@pytest.mark.parametrize(
    "content",
    [
        WRITTEN.encode("utf-8"),
        WRITTEN.encode("utf-8-sig"),
        BY_SEMICOLON.encode(),
        ("sep=;\r\n" + BY_SEMICOLON).encode(),
        BY_SEMICOLON.replace(";", "\t").encode("utf-16"),
        BY_SEMICOLON.replace(";", "|").replace("\n", "\r\n").encode(),
        WRITTEN.replace("\n", "\r").encode(),
        (WRITTEN + "\n,,\n  ,, \n\n").encode(),
        WRITTEN.replace("score,", " score ,").encode(),
    ],
    ids=[
        "commas",
        "with a mark",
        "semicolons",
        "sep=",
        "tabs in UTF-16",
        "bars",
        "of an old Macintosh",
        "empty lines",
        "names with spaces",
    ],
)
def test_every_usual_way_to_write_a_table_gives_the_same_table(content: bytes, tmp_path: Path):
    (tmp_path / "table").write_bytes(content)
    found = read_table(tmp_path / "table")
    assert found.columns == ["came_true", "score", "ethnic_group"]
    assert found.rows() == ROWS


def test_a_name_of_a_column_may_hold_another_separator(tmp_path: Path):
    (tmp_path / "table").write_text('"a;b;c;d",score\n1,2\n', encoding="utf-8")
    assert read_table(tmp_path / "table").columns == ["a;b;c;d", "score"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WRITTEN.encode("latin-1"), "not UTF-8; line 3 is the first"),
        (b"\xff\xfea", "marked as UTF-16, and is not"),
        (WRITTEN.encode() + b"1,0.2,Secret,more\n", "line 4 has 4 fields and the line of column names 3"),
        (WRITTEN.encode() + b"1,Secret\n", "line 4 has 2 fields and the line of column names 3"),
        (WRITTEN.encode() + b'1,0.2,"Secret\n', "a quotation mark"),
        (WRITTEN.encode().replace(b"came_true", b"score"), "two of its columns have the same name"),
        (b"came_true:score\n1:Secret\n", "one column only"),
        (b"\n \n", "is empty"),
        (b"PK\x03\x04Secret", "a workbook or a zip file"),
        (b"PAR1Secret", "begins as a Parquet file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_fault_and_without_a_cell(
    content: bytes, said: str, tmp_path: Path
):
    (tmp_path / "table").write_bytes(content)
    with pytest.raises(UnusableRecordsError, match=said) as raised:
        read_table(tmp_path / "table")
    assert "Secret" not in str(raised.value)
