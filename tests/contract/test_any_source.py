"""Whatever stands where a source should be: an exit code of the contract and a hint, no traceback, no hang."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import earlyhelp
from features.synthetic import simulate

if TYPE_CHECKING:
    from pathlib import Path

CODES = {0, 2, 64}
NAMES = (
    "records.xml",
    "records.xlsx",
    "records.json",
    "records.jsonl",
    "ssd_person.csv",
    "ssd_person.parquet",
    "x.txt",
)
HEADERS = ("pers_person_id", "pers_dob", "cont_contact_id", "CHILD", "DECOM", "ssd_person", "", "a" * 300, "\ufeffx")
FORMATS = ("csv", "parquet", "annex-a", "cin-xml", "ssda903", "wales", "dfe-api")


def packed(name: str, content: bytes, *, times: int = 1) -> bytes:
    """Pack content so that it is far larger unpacked."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(name, "w", force_zip64=True) as member:
            for _ in range(times):
                member.write(content)
    return made.getvalue()


ENTITIES = "".join(f'<!ENTITY {chr(c)} "{f"&{chr(c - 1)};" * 10}">' for c in range(ord("b"), ord("j")))
LAUGHS = (
    f'<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY a "ha">{ENTITIES}]>'
    "<Message><Header><Collection>CIN</Collection></Header><Children><Child>&i;</Child></Children></Message>"
).encode()
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE Message [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    b"<Message><Header><Collection>CIN</Collection></Header><Children>&e;</Children></Message>"
)
BROKEN: dict[str, tuple[str, bytes]] = {
    "empty xml": ("a.xml", b""),
    "empty csv": ("ssd_person.csv", b""),
    "empty workbook": ("a.xlsx", b""),
    "billion laughs": ("a.xml", LAUGHS),
    "a file from outside": ("a.xml", OUTSIDE),
    "half a census": ("a.xml", b"<Message><Header><Collection>CIN</Collection></Header><Children><Child>"),
    "another xml": ("a.xml", b"<feed><entry/></feed>"),
    "deep xml": ("a.xml", b"<Message><Collection>CIN</Collection>" + b"<Children>" * 50_000),
    "deep json": ("a.json", b'{"la_child_id": ' + b"[" * 50_000),
    "json of another kind": ("a.json", b'{"so": "what"}'),
    "half json": ("a.json", b'[{"la_child_id": "1", "child_details": {'),
    "zip bomb": ("a.xlsx", packed("xl/worksheets/sheet1.xml", b"<row></row>" * 100_000, times=500)),
    "no workbook": ("a.xlsx", packed("readme.txt", b"so")),
    "old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "binary": ("ssd_person.csv", bytes(range(256)) * 40),
    "half parquet": ("ssd_person.parquet", b"PAR1" + b"\0" * 64),
    "nul bytes": ("ssd_person.csv", b"pers_person_id,pers_dob\n\0\0,\0\n"),
    "one endless line": ("ssd_person.csv", b"pers_person_id," * 100_000),
    "an open quotation": ("ssd_person.csv", b'pers_person_id,pers_dob\n"1,2015-01-01\n2,2016-01-01\n'),
}


def checked(source: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = earlyhelp.run(["check", str(source)])
    return code, capsys.readouterr().err


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("is_folder", [True, False], ids=["in a folder", "alone"])
def test_what_is_no_source_is_refused_with_a_hint(
    name: str, is_folder: bool, tmp_path: Path, session_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, content = BROKEN[name]
    (tmp_path / file).write_bytes(content)
    code, said = checked(tmp_path if is_folder else tmp_path / file, capsys)
    assert code == 2
    assert "Hint:" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("source", ["nowhere", "nowhere.xml", "mysql://x/y", "C:\\nowhere", "", "a\0b"])
def test_a_source_that_is_not_there_is_wrong_usage(
    source: str, session_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = earlyhelp.run(["check", source])
    said = capsys.readouterr().err
    assert (code, "Hint:" in said) == (64, True)


def test_an_empty_folder_is_refused_with_a_hint(
    tmp_path: Path, session_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = checked(tmp_path, capsys)
    assert (code, "Hint:" in said) == (2, True)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The files of a small authority in every format, by format and name."""
    found = {}
    for kind in FORMATS:
        out = tmp_path_factory.mktemp("whole") / "place"
        simulate(children=100, seed=5, profile="wales" if kind == "wales" else "england", out=out, file_format=kind)
        files = sorted((out / "records").iterdir())
        found[kind] = {file.name: file.read_bytes() for file in files if not file.name.startswith("ext_")}
    return found


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_broke_on_the_way_never_breaks_the_check(
    kind: str,
    data: st.DataObject,
    whole: dict[str, dict[str, bytes]],
    tmp_path_factory: pytest.TempPathFactory,
    session_home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    broken = data.draw(st.sampled_from(sorted(whole[kind])))
    for name, content in whole[kind].items():
        (folder / name).write_bytes(mutilated(data, content) if name == broken else content)
    code, said = checked(folder, capsys)
    assert code in CODES
    assert code == 0 or "Hint:" in said
    assert "Traceback" not in said


def mutilated(data: st.DataObject, content: bytes) -> bytes:
    """Cut a file short, put bytes in it, or take some out."""
    at = data.draw(st.integers(0, max(len(content) - 1, 0)))
    how = data.draw(st.sampled_from(["cut", "put", "take", "turn"]))
    if how == "cut":
        return content[:at]
    if how == "put":
        return content[:at] + data.draw(st.binary(min_size=1, max_size=40)) + content[at:]
    until = at + data.draw(st.integers(1, 200))
    middle = bytes(byte ^ 255 for byte in content[at:until]) if how == "turn" else b""
    return content[:at] + middle + content[until:]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), name=st.sampled_from(NAMES))
def test_any_bytes_get_an_answer(
    content: bytes,
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
    session_home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path_factory.mktemp("any") / name
    file.write_bytes(content)
    code, said = checked(file, capsys)
    assert (code, "Hint:" in said, "Traceback" in said) == (2, True, False)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headers=st.lists(st.one_of(st.sampled_from(HEADERS), st.text(max_size=20)), min_size=1, max_size=6),
    rows=st.lists(st.lists(st.text(max_size=12), max_size=7), max_size=4),
    separator=st.sampled_from(",;\t|"),
)
def test_any_headers_and_cells_get_an_answer(
    headers: list[str],
    rows: list[list[str]],
    separator: str,
    tmp_path_factory: pytest.TempPathFactory,
    session_home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path_factory.mktemp("cells")
    lines = [separator.join(line) for line in (headers, *rows)]
    (folder / "ssd_person.csv").write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    code, said = checked(folder, capsys)
    assert (code, "Hint:" in said, "Traceback" in said) == (2, True, False)


def test_a_report_of_a_broken_source_is_whole(tmp_path: Path, session_home: Path) -> None:
    (tmp_path / "a.xml").write_bytes(LAUGHS)
    assert earlyhelp.run(["check", str(tmp_path / "a.xml"), "--json", str(tmp_path / "r.json")]) == 2
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["usable"] is False
