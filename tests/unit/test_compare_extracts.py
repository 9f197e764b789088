"""Two extracts of one authority: what a later one says differently of days that the earlier one knew."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import polars as pl
import pytest

from features.as_of import view_as_of
from features.check import compare as compare_module
from features.check.compare import NO_DAY, NOT_ALIKE, SAME_DAY, SWAPPED, compare
from features.check.compare_counts import Counted, told_parts
from features.check.compare_words import AS_EXTRACTED, LOWER_BOUND, MADE_ANEW, STAYS_UNSEEN, comparison_lines
from features.tables import CONTRACTS
from tests.drawing import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.tables.records import Records

EARLY_HELP = "ssd_early_help_episodes"
D0, D1 = date(2024, 3, 31), date(2025, 3, 31)
HIDDEN = {"suppressed": True}
# So many children that no count is withheld.
MANY = range(10, 20)
PEOPLE = "pers_person_id | pers_dob | pers_ethnicity\n" + "\n".join(f"C{i} | 2015-01-01 | WBRI" for i in MANY)
HELP = "earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_reason"
CONTACTS = "cont_contact_id | cont_person_id | cont_contact_date | cont_contact_source_code"
FAMILY = "fami_table_id | fami_family_id | fami_person_id"
SCALES = "fama_table_id | fama_person_id | fama_assessment_date | fama_tool | fama_scale | fama_score"
LEAVERS = "clea_table_id | clea_person_id | clea_care_leaver_latest_contact"


def rows(head: str, row: str, children: Iterable[int] = MANY) -> str:
    """Draw one row per child below a header or a drawing; `@` stands for the child's number."""
    return "\n".join([head, *(row.replace("@", str(i)) for i in children)])


def both(before: str, now: str, *, table: str, people: str = PEOPLE) -> tuple[Records, Records]:
    """Draw one table as a later and an earlier extract have it."""
    later = records(extract_day=D1, ssd_person=people, **{table: now})
    return later, records(extract_day=D0, ssd_person=PEOPLE, **{table: before})


def told(before: str, now: str, *, table: str, people: str = PEOPLE) -> dict[str, Any]:
    """Compare the two drawings of a table."""
    found = compare(*both(before, now, table=table, people=people))
    return next(t for t in found["tables"] if t["table"] == table)


def differing(entry: dict[str, Any]) -> dict[str, int | None]:
    """Give the counts of rows that are not none, apart from those known before; one withheld is None."""
    counts = {name: n.get("n_rows") for name, n in entry.items() if isinstance(n, dict) and name != "known"}
    return {name: n for name, n in counts.items() if n != 0}


def cells(entry: dict[str, Any]) -> dict[str, dict[str, int | None]]:
    """Give the counts of cells that are not none, by column; one withheld is None."""
    return {
        column["column"]: {
            how: n.get("n_rows") for how, n in column.items() if how != "column" and n.get("n_rows") != 0
        }
        for column in entry["columns"]
    }


HELPED = rows(HELP, "E@ | C@ | 2024-01-10 | | debt")


def test_an_extract_beside_itself_differs_in_nothing() -> None:
    later, _ = both(HELPED, HELPED, table=EARLY_HELP)
    found = compare(later, later)
    assert [differing(t) | cells(t) for t in found["tables"]] == [{}] * len(found["tables"])
    assert found["sum"]["share_changed"] == 0
    assert found["problems"] == [SAME_DAY]


def test_rows_of_later_days_are_new_as_they_should_be() -> None:
    entry = told(HELPED, rows(HELPED, "F@ | C@ | 2024-04-01 | | debt"), table=EARLY_HELP)
    assert differing(entry) == {"new": 10}


def test_rows_of_earlier_days_appeared_in_the_past() -> None:
    entry = told(HELPED, rows(HELPED, "F@ | C@ | 2024-03-31 | | debt"), table=EARLY_HELP)
    assert differing(entry) == {"appeared_late": 10}


@pytest.mark.parametrize(
    ("day", "span"),
    [
        ("2024-03-24", 7),
        ("2024-03-23", 31),
        ("2024-02-29", 31),
        ("2023-12-31", 91),
        ("2023-04-01", 365),
        ("2023-03-31", None),
    ],
)
def test_a_delay_is_counted_from_the_event_to_the_earlier_extract(day: str, span: int | None) -> None:
    first = rows(HELP, "E@ | C@ | 2020-01-10 | | debt")
    entry = told(first, rows(first, f"F@ | C@ | {day} | | debt"), table=EARLY_HELP)
    assert [n["days_up_to"] for n in entry["late_by_delay"] if n["n_rows"]] == [span]
    assert entry["late_by_year"] == [{"year": int(day[:4]), "n_rows": 10, "n_children": 10}]


def test_a_past_beyond_the_earlier_extracts_reach_is_not_late() -> None:
    entry = told(HELPED, rows(HELPED, "F@ | C@ | 2024-01-09 | | debt"), table=EARLY_HELP)
    assert differing(entry) == {"appeared_older": 10}


def test_the_past_of_a_new_child_is_not_late() -> None:
    people = rows(PEOPLE, "N@ | 2015-01-01 | WBRI")
    now = rows(HELPED, "F@ | N@ | 2024-02-01 | | debt")
    assert differing(told(HELPED, now, table=EARLY_HELP, people=people)) == {"appeared_new_child": 10}


def test_rows_that_are_gone_were_deleted_or_merged() -> None:
    before = rows(HELPED, "F@ | C@ | 2024-02-01 | | debt")
    assert differing(told(before, HELPED, table=EARLY_HELP)) == {"vanished_deleted": 10}


@pytest.mark.parametrize("old", ["2016-12-31 | 2019-07-01", "2018-01-01 | 2019-05-31"])
def test_rows_before_the_later_extracts_first_day_are_not_deleted(old: str) -> None:
    kept = rows(HELP, "E@ | C@ | 2017-01-01 | 2019-06-01 | debt")
    before = rows(kept, f"F@ | C@ | {old} | debt")
    assert differing(told(before, kept, table=EARLY_HELP)) == {"vanished_older": 10}


def test_rows_of_children_who_left_the_extract_are_told_apart() -> None:
    people, now = "\n".join(PEOPLE.splitlines()[:6]), "\n".join(HELPED.splitlines()[:6])
    assert differing(told(HELPED, now, table=EARLY_HELP, people=people)) == {"vanished_left": 5}


def test_a_row_that_is_written_over_at_a_later_day_has_left_the_past() -> None:
    before, now = (rows(LEAVERS, f"@ | C@ | {day}") for day in ("2024-01-01", "2024-09-01"))
    assert differing(told(before, now, table="ssd_care_leavers")) == {"vanished_moved": 10}


@pytest.mark.parametrize(
    ("before", "now", "how"),
    [
        ("", "2024-04-01", {"completed": 10}),
        ("", "2024-03-31", {"filled_late": 10}),
        ("2024-02-01", "2024-02-02", {"changed": 10}),
        ("2024-02-01", "", {"vanished": 10}),
        ("2024-02-01", "2024-04-01", {"vanished": 10}),
    ],
)
def test_an_end_is_late_only_when_it_lies_before_the_earlier_extract(
    before: str, now: str, how: dict[str, int]
) -> None:
    drawn = (rows(HELP, f"E@ | C@ | 2024-01-10 | {end} | debt") for end in (before, now))
    entry = told(*drawn, table=EARLY_HELP)
    assert cells(entry) == {"earl_episode_end_date": how}
    assert differing(entry) == ({} if "completed" in how else {"changed": 10})


def test_an_outcome_within_its_days_of_grace_is_completed_as_expected() -> None:
    head = "cont_contact_id | cont_person_id | cont_contact_date | cont_contact_outcome_json"
    before, now = (rows(head, f"K@ | C@ | 2024-03-29 | {out}") for out in ("", '["NFA_FLAG"]'))
    assert cells(told(before, now, table="ssd_contacts")) == {"cont_contact_outcome_json": {"completed": 10}}


def test_another_word_and_another_day_under_one_key_are_changes_of_the_past() -> None:
    before, now = (rows(CONTACTS, f"K@ | C@ | {said}") for said in ("2024-01-01 | 1A", "2024-01-02 | 1B"))
    entry = told(before, now, table="ssd_contacts")
    assert cells(entry) == {"cont_contact_date": {"changed": 10}, "cont_contact_source_code": {"changed": 10}}
    assert differing(entry) == {"changed": 10}


def test_a_row_that_was_moved_to_another_child_is_a_change() -> None:
    before = rows(CONTACTS, "K@ | C@ | 2024-01-@ | 1A")
    now = "\n".join([CONTACTS, *(f"K{i} | C{i + 1 if i < 19 else 10} | 2024-01-{i} | 1A" for i in MANY)])
    assert cells(told(before, now, table="ssd_contacts")) == {"cont_person_id": {"changed": 10}}


def test_an_ethnicity_that_was_not_recorded_is_filled_in_and_another_is_changed() -> None:
    head = "pers_person_id | pers_dob | pers_ethnicity"
    before, now = (f"{head}\n" + _people(a, b) for a, b in (("NOBT", "WBRI"), ("WBRI", "AIND")))
    later, earlier = (records(extract_day=day, ssd_person=people) for day, people in ((D1, now), (D0, before)))
    (entry, *_) = compare(later, earlier)["tables"]
    assert cells(entry) == {"pers_ethnicity": {"filled_late": 5, "changed": 5}}


def _people(first: str, second: str) -> str:
    return "\n".join(f"C{i} | 2015-01-01 | {first if i < 15 else second}" for i in MANY)


def test_row_numbers_that_were_made_anew_change_nothing() -> None:
    scales = [f"C{i} | 2024-01-0{day} | star | {scale} | {i}" for i in MANY for day in (1, 2) for scale in "xyz"]
    before, now = (
        "\n".join([SCALES, *(f"{n} | {row}" for n, row in enumerate(order))]) for order in (scales, scales[::-1])
    )
    found = compare(*both(before, now, table="ext_family_assessments"))
    assert [(differing(entry), entry["columns"]) for entry in found["tables"]] == [({}, [])] * len(found["tables"])
    assert found["notes"] == [f"{MADE_ANEW}: ext_family_assessments."]


def test_of_rows_alike_but_for_an_end_the_ones_that_say_the_same_are_the_same() -> None:
    head = "miss_table_id | miss_person_id | miss_missing_episode_start_date | miss_missing_episode_end_date"
    before = rows(rows(head, "A@ | C@ | 2024-01-01 | 2024-01-03"), "B@ | C@ | 2024-01-01 | 2024-01-05")
    late = rows(rows(head, "X@ | C@ | 2024-01-01 | 2024-01-03"), "Y@ | C@ | 2024-01-01 | 2024-01-04")
    entry = told(before, rows(late, "Z@ | C@ | 2024-01-01 | 2024-01-05"), table="ssd_missing")
    assert differing(entry) == {"appeared_late": 10}


def test_rows_that_name_no_child_are_not_the_same_for_their_day_alone() -> None:
    head = "fama_table_id | fama_family_id | fama_assessment_date | fama_tool"
    before, now = (rows(head, f"{key}@ | {key}@ | 2024-01-01 | star") for key in ("F", "G"))
    entry = told(before, now, table="ext_family_assessments")
    assert {name: entry[name] for name in ("appeared_late", "vanished_deleted", "changed")} == {
        "appeared_late": HIDDEN,
        "vanished_deleted": HIDDEN,
        "changed": {"n_rows": 0, "n_children": 0},
    }


def test_a_late_row_that_shifts_a_childs_numbers_is_one_row_and_no_change() -> None:
    first = rows(HELP, "C@-1 | C@ | 2024-01-01 | | debt")
    before = rows(first, "C@-2 | C@ | 2024-03-01 | | debt")
    now = rows(rows(first, "C@-2 | C@ | 2024-02-01 | | debt"), "C@-3 | C@ | 2024-03-01 | | debt")
    assert differing(told(before, now, table=EARLY_HELP)) == {"appeared_late": 10}


def test_a_family_that_was_regrouped_is_a_change_without_a_day() -> None:
    before, now = (rows(FAMILY, f"@ | {family} | C@") for family in ("F1", "F2"))
    later, earlier = both(before, now, table="ssd_family")
    found = compare(later, earlier)
    assert cells(found["tables"][1]) == {"fami_family_id": {"changed": 10}}
    assert f"{AS_EXTRACTED}: ssd_family." in found["notes"]


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_than_five_children_are_withheld(n: int) -> None:
    now = rows(HELPED, "F@ | C@ | 2024-02-01 | | debt", range(10, 10 + n))
    entry = told(HELPED, now, table=EARLY_HELP)
    assert entry["appeared_late"] == HIDDEN
    assert [year["suppressed"] for year in entry["late_by_year"]] == [True]


def test_new_rows_are_told_in_fives_so_that_no_subtraction_tells_what_is_withheld() -> None:
    now = rows(HELPED, "F@ | C@ | 2024-04-01 | | debt", range(10, 17))
    assert told(HELPED, now, table=EARLY_HELP)["new"] == {"n_rows": 5, "n_children": 5}


def test_changed_rows_are_told_in_fives_beside_a_column_that_is_withheld() -> None:
    before = rows(HELP, "E@ | C@ | 2024-01-10 | | debt")
    now = before.replace("| | debt", "| | loss", 7).replace(
        "E10 | C10 | 2024-01-10 | |", "E10 | C10 | 2024-01-10 | 2024-01-11 |"
    )
    entry = told(before, now, table=EARLY_HELP)
    assert next(column["filled_late"] for column in entry["columns"]) == HIDDEN
    assert entry["changed"] == {"n_rows": 5, "n_children": 5}


def test_a_part_that_is_withheld_takes_the_next_smallest_with_it() -> None:
    parts = told_parts({"a": Counted(3, 3), "b": Counted(90, 80), "c": Counted(9, 9), "d": Counted(0, 0)})
    assert [name for name, part in parts.items() if part == HIDDEN] == ["a", "c"]


def test_rows_of_nobody_who_is_named_are_withheld_too() -> None:
    assert told_parts({"a": Counted(9, 0), "b": Counted(50, 40)}) == {"a": HIDDEN, "b": HIDDEN}


def test_a_sum_leaves_out_what_is_withheld() -> None:
    now = rows(HELPED, "F@ | C@ | 2024-02-01 | | debt", range(10, 12))
    later, earlier = both(HELPED, now, table=EARLY_HELP)
    found = compare(later, earlier)["sum"]
    assert (found["n_known"], found["n_late"], found["tables_touched"]) == (10 + 10, 0, [EARLY_HELP])


def test_the_share_that_changed_is_of_the_rows_known_then() -> None:
    later, earlier = both(HELPED, HELPED.replace("debt", "loss"), table=EARLY_HELP)
    found = compare(later, earlier)["sum"]
    assert (found["n_changed"], found["n_known"], found["share_changed"]) == (10, 10 + 10, 0.5)


def test_extracts_of_different_people_are_not_compared() -> None:
    strangers = PEOPLE.replace("C1", "X1")
    later = records(extract_day=D1, ssd_person=strangers)
    found = compare(later, records(extract_day=D0, ssd_person=PEOPLE))
    assert (found["problems"], found["tables"]) == ([NOT_ALIKE], [])
    assert found["people"] == {"in_both": 0, "only_in_later": 10, "only_in_earlier": 10}


def test_extracts_of_nobody_are_not_compared() -> None:
    nobody = "pers_person_id | pers_dob"
    later, earlier = (records(extract_day=day, ssd_person=nobody) for day in (D1, D0))
    assert compare(later, earlier)["problems"] == [NOT_ALIKE]


def test_swapped_extracts_are_said_and_not_compared() -> None:
    later, earlier = both(HELPED, HELPED, table=EARLY_HELP)
    found = compare(earlier, later)
    assert (found["problems"], found["tables"]) == ([SWAPPED], [])
    assert comparison_lines(found) == [f"Comparison: {SWAPPED}"]


def test_an_extract_without_a_day_is_not_compared() -> None:
    later, earlier = both(HELPED, HELPED, table=EARLY_HELP)
    assert compare(replace(later, extract_day=date.max), earlier)["problems"] == [NO_DAY]


def test_tables_of_one_extract_alone_are_named() -> None:
    later, earlier = both(HELPED, HELPED, table=EARLY_HELP)
    lacking = {name: frame for name, frame in earlier.tables.items() if name != "ssd_contacts"}
    assert compare(later, replace(earlier, tables=lacking))["only_in_later"] == ["ssd_contacts"]


def entered_by_d0(authority: Path, later: Records) -> dict[str, pl.DataFrame]:
    """Leave what an extract of D0 would have held, by the truth beside a simulation."""
    truth = pl.read_parquet(authority.parent / "truth" / "recorded_on.parquet")
    cut = {}
    for name, frame in later.tables.items():
        entered_later = truth.filter((pl.col("table") == name) & (pl.col("recorded_on") > D0))
        cut[name] = frame.join(entered_later, left_on=frame.columns[0], right_on="row_key", how="anti")
    return cut


def test_late_rows_are_those_that_were_entered_late_in_truth(authority: Path, authority_records: Records) -> None:
    cut = entered_by_d0(authority, authority_records)
    found = compare(authority_records, replace(authority_records, tables=cut, extract_day=D0))
    for entry in found["tables"]:
        event = CONTRACTS[entry["table"]].row_known_from
        frame = authority_records.tables[entry["table"]]
        n_due = frame.filter(pl.col(event) <= D0).height if event else frame.height
        n_had = cut[entry["table"]].filter(pl.col(event) <= D0).height if event else frame.height
        assert entry["appeared_late"] in (HIDDEN, {**entry["appeared_late"], "n_rows": n_due - n_had}), entry["table"]
        assert differing(entry).keys() <= {"new", "appeared_late"}
    assert found["sum"]["n_late"] > 1_000


def test_ends_that_came_after_the_earlier_extract_change_nothing(authority_records: Records) -> None:
    """An extract of D0 has no end of a later day; nothing of it may count as a change."""
    cut = {name: view.collect().to_native() for name, view in view_as_of(authority_records, as_of=D0).tables.items()}
    found = compare(authority_records, replace(authority_records, tables=cut, extract_day=D0))
    assert [name for entry in found["tables"] for name in differing(entry) if name != "new"] == []
    assert sum(n.get("completed") or 0 for entry in found["tables"] for n in cells(entry).values()) > 100


def test_the_order_of_rows_changes_nothing(authority: Path, authority_records: Records) -> None:
    cut = entered_by_d0(authority, authority_records)
    mixed = {name: frame.sample(fraction=1, shuffle=True, seed=1) for name, frame in cut.items()}
    first, second = (
        compare(authority_records, replace(authority_records, tables=tables, extract_day=D0)) for tables in (cut, mixed)
    )
    assert json.dumps(first) == json.dumps(second)


@pytest.fixture
def page() -> Callable[[dict[str, Any]], str]:
    """Draw the fragment as the report's page does."""
    folder = jinja2.FileSystemLoader(Path(compare_module.__file__).parent)
    drawn = jinja2.Environment(loader=folder, autoescape=True, undefined=jinja2.StrictUndefined)
    return lambda comparison: drawn.get_template("comparison.html").render(comparison=comparison)


def test_no_id_day_or_word_of_the_records_is_said_anywhere(page: Callable[[dict[str, Any]], str]) -> None:
    before = rows(HELP, "E@ | C@ | 2024-01-10 | 2024-02-07 | debt")
    now = rows(before.replace("debt", "loss").replace("02-07", "02-08"), "F@ | C@ | 2024-02-01 | | grief")
    found = compare(*both(before, now, table=EARLY_HELP))
    everything = json.dumps(found) + page(found) + "\n".join(comparison_lines(found))
    secrets = ("C10", "E10", "F10", "debt", "loss", "grief", "2024-01-10", "2024-02-0", "WBRI", "2015")
    assert [secret for secret in secrets if secret in everything] == []


def test_a_terminal_gets_fifteen_lines_at_most(authority: Path, authority_records: Records) -> None:
    cut = entered_by_d0(authority, authority_records)
    lines = comparison_lines(compare(authority_records, replace(authority_records, tables=cut, extract_day=D0)))
    assert len(lines) <= 15
    assert lines[0].startswith("Of ")
    assert lines[-1] == LOWER_BOUND


def test_late_rows_that_bear_the_day_of_their_entry_stay_unseen(page: Callable[[dict[str, Any]], str]) -> None:
    head = f"{HELP} | recorded_on"
    before, more = (
        rows(head, "E@ | C@ | 2024-01-10 | | debt | 2024-01-10"),
        "F@ | C@ | 2024-02-01 | | debt | 2024-05-01",
    )
    found = compare(*both(before, rows(before, more), table=EARLY_HELP))
    assert f"{STAYS_UNSEEN}: {EARLY_HELP}." in found["notes"]
    assert found["sum"]["n_late"] == 10


def test_a_page_says_problems_alone_where_nothing_is_compared(page: Callable[[dict[str, Any]], str]) -> None:
    later, earlier = both(HELPED, HELPED, table=EARLY_HELP)
    drawn = page(compare(earlier, later))
    assert "were the two swapped?" in drawn
    assert "<table>" not in drawn
