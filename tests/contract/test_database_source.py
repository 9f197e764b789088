"""SSD tables in a real PostgreSQL give what the same tables give as CSV files, and its errors give nothing away."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import create_engine, text

import earlyhelp
from features.sources.database.reading import is_database_url, read_database
from features.sources.recognise import read_source
from features.synthetic import simulate
from features.tables import CONTRACTS, columns_of
from features.tables.validate import examine
from features.vocabulary.errors import EarlyHelpError, OutOfReachError, UnusableRecordsError, WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL, Engine

    from features.tables.validate import Examination
    from tests.serving_fixtures import Server

WANTED = {name: [*columns_of(contract), "recorded_on"] for name, contract in CONTRACTS.items()}
FAMILY = {"ssd_family": ["fami_table_id", "fami_family_id", "fami_person_id"]}
CANARY = "CANARY-FORENAME"
PASSWORD = "Pa55word-of-the-reader"  # it opens a database of invented families, for the time of a test
KEPT_DATABASE, READER = "earlyhelp_source", "earlyhelp_reader"


def full(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def sql_type(name: str, table: str, cells: pl.Series) -> str:
    """Give a column the type that a case system's extract has."""
    column = columns_of(CONTRACTS[table]).get(name)
    if name == "recorded_on" or (column is not None and column.kind == "date"):
        return "timestamp"
    if column is not None and column.kind == "number":
        return "double precision"
    is_whole = cells.drop_nulls().str.contains(r"^(0|[1-9]\d{0,8})$").all() and cells.null_count() < len(cells)
    return "int" if is_whole else "varchar(4000)"


def load(engine: Engine, records: Path, *, schema: str, write: Callable[[str], str]) -> None:
    """Load a folder's CSV files into typed tables; `write` says how names are written. Children get a name."""
    run(engine, f"CREATE SCHEMA IF NOT EXISTS {schema}")
    for file in sorted(f for f in records.glob("*.csv") if f.stem in CONTRACTS):
        frame = pl.read_csv(file, infer_schema=False)
        if file.stem == "ssd_person":
            frame = frame.with_columns(pers_forename=pl.lit(CANARY))
        typed = ", ".join(f'"{write(c.name)}" {sql_type(c.name, file.stem, c)}' for c in frame)
        place = f'{schema}."{write(file.stem)}"'
        run(engine, f"CREATE TABLE {place} ({typed})")
        connection = engine.raw_connection()
        with connection.cursor().copy(f"COPY {place} FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(frame.write_csv())
        connection.commit()
        connection.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("source") / "invented"
    simulate(children=300, seed=5, profile="england", out=out, recorded_on=True)
    return out / "records"


@pytest.fixture(scope="module")
def from_files(folder: Path) -> Examination:
    (raw,) = read_source(folder, columns={})
    return examine(raw.tables)


@pytest.fixture(scope="module")
def kept(postgres: Server, folder: Path) -> Iterator[Engine]:
    """Keep one loaded database for the module, which its reader may enter with a password alone."""
    server = create_engine(postgres.owner, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {KEPT_DATABASE} TEMPLATE template0"))
        connection.execute(text(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'"))
        rules = Path(str(connection.execute(text("SHOW hba_file")).scalar()))
        rules.write_text(f"local {KEPT_DATABASE} {READER} scram-sha-256\n{rules.read_text()}")
        connection.execute(text("SELECT pg_reload_conf()"))
    server.dispose()
    engine = create_engine(postgres.owner.set(database=KEPT_DATABASE))
    load(engine, folder, schema="public", write=str.lower)
    grant_wanted_columns(engine)
    yield engine
    engine.dispose()


def grant_wanted_columns(engine: Engine) -> None:
    """Let the reader select the wanted columns and not one more."""
    with engine.connect() as connection:
        there = connection.execute(
            text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        ).all()
    run(engine, *(f"GRANT SELECT ({c}) ON {t} TO {READER}" for t, c in there if c in WANTED.get(t, ())))


def as_reader(engine: Engine, *, password: str = PASSWORD) -> str:
    return full(engine.url.set(username=READER, password=password))


def assert_same_records(ours: Examination, theirs: Examination) -> None:
    assert ours.problems == theirs.problems == ()
    assert ours.records.tables.keys() == theirs.records.tables.keys()
    for name, frame in theirs.records.tables.items():
        assert_frame_equal(ours.records.tables[name], frame, check_row_order=False)
    assert ours.records.set_aside.height == theirs.records.set_aside.height


def test_typed_tables_give_the_records_that_the_files_give(kept: Engine, from_files: Examination) -> None:
    assert_same_records(examine(read_database(full(kept.url), WANTED).tables), from_files)


def test_another_schema_and_upper_case_names_change_nothing(
    new_database: Engine, folder: Path, from_files: Examination
) -> None:
    load(new_database, folder, schema="csc", write=str.upper)
    assert_same_records(examine(read_database(full(new_database.url), WANTED).tables), from_files)


def test_a_login_that_may_select_only_wanted_columns_reads_all_of_them(kept: Engine) -> None:
    as_owner, read = read_database(full(kept.url), WANTED), read_database(as_reader(kept), WANTED)
    assert read.hashes == as_owner.hashes
    assert len(read.hashes) > 25


def test_a_name_never_leaves_the_database(kept: Engine) -> None:
    read = read_database(full(kept.url), WANTED).tables["ssd_person"]
    assert "pers_forename" not in read.columns
    assert CANARY not in read.write_csv()


def test_batches_smaller_than_a_table_give_the_same(kept: Engine) -> None:
    url = full(kept.url)
    at_once, in_batches = read_database(url, WANTED), read_database(url, WANTED, rows_at_once=97)
    assert in_batches.hashes == at_once.hashes
    assert in_batches.tables["ssd_contacts"].height > 97


def test_the_order_in_which_rows_were_stored_changes_neither_hash_nor_row_numbers(new_database: Engine) -> None:
    url = full(new_database.url)
    rows = "VALUES ('1', 'F2', 'C1'), ('1', 'F1', 'C2'), ('0', NULL, 'C3')"
    run(new_database, f"CREATE TABLE ssd_family (fami_table_id, fami_family_id, fami_person_id) AS {rows}")
    before = read_database(url, FAMILY)
    run(new_database, "CREATE TABLE turned AS SELECT * FROM ssd_family ORDER BY 3 DESC", "DROP TABLE ssd_family")
    run(new_database, "ALTER TABLE turned RENAME TO ssd_family")
    after = read_database(url, FAMILY)
    assert after.hashes == before.hashes
    assert after.tables["ssd_family"]["fami_person_id"].to_list() == ["C3", "C2", "C1"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'007'::text", "007"),
        ("7", "7"),
        ("7.0::float8", "7"),
        ("7.25::float8", "7.25"),
        ("7.00::numeric(9, 2)", "7"),
        ("12345678901234567890123::numeric", "12345678901234567890123"),
        ("true", "true"),
        ("date '2025-06-01'", "2025-06-01"),
        ("timestamp '2025-06-01 09:30'", "2025-06-01 09:30:00"),
        # Midnight in London is the day before in UTC.
        ("timestamptz '2025-06-01 00:00 Europe/London'", "2025-06-01 00:00:00+01:00"),
        ("""'["1A", "2B"]'::jsonb""", '["1A", "2B"]'),
        ("array['1A', '2B']", '["1A", "2B"]'),
        ("''::text", ""),
        ("NULL::int", None),
    ],
)
def test_a_cell_of_any_type_becomes_text(new_database: Engine, written: str, read: str | None) -> None:
    run(new_database, f"ALTER DATABASE {new_database.url.database} SET timezone TO 'Europe/London'")
    run(new_database, f"CREATE TABLE ssd_family AS SELECT {written} AS fami_family_id")
    found = read_database(full(new_database.url), FAMILY).tables["ssd_family"]
    assert found.to_dict(as_series=False) == {"fami_family_id": [read]}


def test_bytes_are_refused_and_said(new_database: Engine) -> None:
    run(new_database, "CREATE TABLE ssd_family AS SELECT 'C1' AS fami_person_id, 'x'::bytea AS fami_family_id")
    problems = read_database(full(new_database.url), FAMILY).problems
    assert problems == ("ssd_family.fami_family_id: the column holds bytes where text is needed",)


def test_a_table_without_rows_is_there(new_database: Engine) -> None:
    run(new_database, "CREATE TABLE ssd_family (fami_family_id int)")
    read = read_database(full(new_database.url), FAMILY)
    assert read.tables["ssd_family"].schema == {"fami_family_id": pl.String}
    assert read.problems == ()


def test_all_tables_are_read_as_one_state_and_nothing_can_be_written(new_database: Engine) -> None:
    said = "current_setting('transaction_isolation') AS fami_family_id"
    run(
        new_database,
        f"CREATE VIEW ssd_family AS SELECT {said}, current_setting('transaction_read_only') fami_person_id",
    )
    read = read_database(full(new_database.url), FAMILY).tables["ssd_family"]
    assert read.rows() == [("repeatable read", "on")]


def test_a_database_without_tables_says_so(new_database: Engine) -> None:
    read = read_database(full(new_database.url), WANTED)
    assert read.tables == {}
    assert read.problems == ("the database holds none of the tables that are needed, or none that its login may read",)


def test_a_table_in_two_schemas_is_not_chosen_between(new_database: Engine) -> None:
    run(new_database, "CREATE SCHEMA csc", "CREATE TABLE csc.ssd_family AS SELECT 'ours' AS fami_family_id")
    run(new_database, "CREATE TABLE ssd_family AS SELECT 'copy' AS fami_family_id")
    url = full(new_database.url)
    both, one = read_database(url, FAMILY), read_database(f"{url}&schema=CSC", FAMILY)
    assert both.problems[0].startswith("ssd_family: the database holds it 2 times; add ?schema=NAME")
    assert both.tables == {}
    assert one.tables["ssd_family"].item() == "ours"


def test_two_columns_of_one_name_are_not_chosen_between(new_database: Engine) -> None:
    run(new_database, 'CREATE TABLE ssd_family (fami_family_id int, "FAMI_FAMILY_ID" int)')
    problems = read_database(full(new_database.url), FAMILY).problems
    assert problems == ("ssd_family.fami_family_id: the database's table has two columns of this name",)


def refusal(url: str, kind: type[EarlyHelpError]) -> str:
    """What a person is told; never the password, the login or where the database is."""
    with pytest.raises(kind, match="Hint: ") as refused:
        read_database(url, FAMILY)
    said = str(refused.value)
    assert not re.search(rf"{PASSWORD}|{READER}|127\.0\.0\.1|\.s\.PGSQL|wrong|SELECT ", said)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return said


def test_a_wrong_password_is_told_from_a_database_that_does_not_answer(kept: Engine) -> None:
    assert "does not let this login in" in refusal(as_reader(kept, password="wrong"), OutOfReachError)


def test_a_port_at_which_nothing_listens_is_out_of_reach() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"postgresql://{READER}:{PASSWORD}@127.0.0.1:{closed.getsockname()[1]}/x"
        assert "does not answer" in refusal(url, OutOfReachError)


@pytest.mark.parametrize("form", ["http://{}@h/x", "sqlite:///x", "postgresql+asyncpg://{}@h/x", "mssql://{}@h:port/x"])
def test_a_url_of_anything_else_is_wrong_usage(form: str) -> None:
    assert "is not that of a database" in refusal(form.format(f"{READER}:{PASSWORD}"), WrongUsageError)


def test_an_option_that_the_driver_does_not_know_is_wrong_usage(new_database: Engine) -> None:
    assert "has an option too many" in refusal(f"{full(new_database.url)}&wrong=1", WrongUsageError)


def test_a_table_that_may_be_seen_and_not_read_is_named(kept: Engine) -> None:
    run(kept, "CREATE SCHEMA shut", "CREATE TABLE shut.ssd_family (fami_family_id int)")
    run(kept, f"GRANT USAGE ON SCHEMA shut TO {READER}", f"GRANT INSERT ON shut.ssd_family TO {READER}")
    try:
        said = refusal(f"{as_reader(kept)}&schema=shut", OutOfReachError)
    finally:
        run(kept, "DROP SCHEMA shut CASCADE")
    assert "refused or broke off while ssd_family was read" in said


def test_a_connection_that_breaks_in_the_middle_is_out_of_reach(new_database: Engine) -> None:
    run(
        new_database,
        "CREATE VIEW ssd_family AS SELECT CASE WHEN n > 60000 THEN pg_terminate_backend(pg_backend_pid()) END"
        " AS fami_family_id FROM generate_series(1, 90000) n",
    )
    assert "broke off while ssd_family was read" in refusal(full(new_database.url), OutOfReachError)


def test_a_day_that_no_calendar_has_is_the_data_owners_to_mend(new_database: Engine) -> None:
    run(new_database, "CREATE TABLE ssd_family AS SELECT 'infinity'::date AS fami_family_id")
    assert "ssd_family: a cell cannot be read" in refusal(full(new_database.url), UnusableRecordsError)


@pytest.mark.parametrize("source", [r"C:\records", "C:/records", "C://records", "records", "/a/postgresql://x", "a:b"])
def test_a_folder_is_not_taken_for_a_url(source: str) -> None:
    assert not is_database_url(source)


@pytest.mark.parametrize("scheme", ["postgresql", "mssql+pyodbc", "ORACLE", "http"])
def test_whatever_has_a_scheme_is_a_url(scheme: str) -> None:
    assert is_database_url(f"{scheme}://server/ssd")


def test_the_command_checks_a_database_as_it_checks_its_files(
    kept: Engine, folder: Path, tmp_path: Path, session_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = {}
    for name, source in (("database", as_reader(kept)), ("files", str(folder))):
        assert earlyhelp.run(["check", source, "--json", str(tmp_path / name)]) == 0
        reports[name] = json.loads((tmp_path / name).read_text())
    rows = {name: [(t["table"], t["rows_accepted"]) for t in report["tables"]] for name, report in reports.items()}
    assert rows["database"] == rows["files"]
    assert PASSWORD not in capsys.readouterr().out + (tmp_path / "database").read_text()
