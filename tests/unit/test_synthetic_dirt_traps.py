"""Each trap is what its name says, and what a careful reader can read through is read as it was."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from features.synthetic.dirt import LEDGER_SCHEMA, soil
from features.tables.validate import validate
from features.vocabulary.codes import spellings
from tests.drawing import raw, table

if TYPE_CHECKING:
    from features.tables.records import Records

Tables = dict[str, pl.DataFrame]

SEED, RATE, COPIES = 5, 0.5, 150

# In each copy of these rows the hash stands for the number of the copy.
DRAWN = {
    "ssd_person": """
        pers_person_id | pers_sex | pers_ethnicity | pers_dob            | pers_expected_dob   | pers_is_mother
        001#           | F        | CHNE           | 2010-03-14 00:00:00 |                     | N
        002#           | M        | WBRI           | 2012-11-30 00:00:00 |                     | N
        003#           | U        | BAFR           | 2008-07-01 00:00:00 |                     | N
        004#           |          |                |                     | 2023-12-24 00:00:00 |
    """,
    "ssd_contacts": """
        cont_contact_id | cont_person_id | cont_contact_date   | cont_contact_source_code | cont_contact_source_desc | cont_contact_outcome_json
        051#            | 001#           | 2023-02-03 00:00:00 | 6                        | Police                   | {"NFA_FLAG": "Y", "ADVICE_FLAG": "N"}
        052#            | 002#           | 2023-05-13 00:00:00 | 2A                       | School                   | {"NFA_FLAG": "N", "ADVICE_FLAG": "Y"}
    """,  # noqa: E501  # a drawn row is one line
    "ssd_early_help_episodes": """
        earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_end_date
        061#            | 001#           | 2023-03-04 00:00:00     | 2023-06-05 00:00:00
        062#            | 003#           | 2023-03-04 00:00:00     | 2023-06-05 00:00:00
    """,
    "ssd_cin_episodes": """
        cine_referral_id | cine_person_id | cine_referral_date  | cine_cin_primary_need_code | cine_close_date     | cine_referral_nfa
        071#             | 001#           | 2020-02-03 00:00:00 | N1                         | 2020-07-08 00:00:00 | N
        072#             | 002#           | 2023-05-13 00:00:00 | N5                         | 2023-09-08 00:00:00 | Y
    """,  # noqa: E501  # a drawn row is one line
    "ssd_cin_assessments": """
        cina_assessment_id | cina_person_id | cina_referral_id | cina_assessment_start_date | cina_assessment_auth_date
        081#               | 001#           | 071#             | 2020-02-04 00:00:00        | 2020-03-05 00:00:00
        082#               | 002#           | 072#             | 2023-05-14 00:00:00        | 2023-06-15 00:00:00
    """,
    "ssd_assessment_factors": """
        cinf_table_id | cinf_assessment_id | cinf_assessment_factors_json
        1#            | 081#               | ["2B", "18C"]
        2#            | 082#               | ["16A", "18B", "18C"]
    """,
    "ssd_cp_plans": """
        cppl_cp_plan_id | cppl_person_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date | cppl_cp_plan_initial_category | cppl_cp_plan_ola
        091#            | 001#           | 2020-04-05 00:00:00     | 2020-07-08 00:00:00   | NEG                           | Y
        092#            | 002#           | 2023-06-20 00:00:00     |                       | MUL                           | N
    """,  # noqa: E501  # a drawn row is one line
    "ssd_cla_episodes": """
        clae_cla_episode_id | clae_person_id | clae_cla_episode_start_date | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
        101#                | 002#           | 2023-07-01 00:00:00         | 2023-11-12 00:00:00          | E45
    """,  # noqa: E501  # a drawn row is one line
}
UNHEARD_OF = """
    some_number | some_text | some_pers_person_id
    1#          | so        | 001#
    2#          | and so    | 002#
"""

READ_THROUGH = (
    "date_day_first",
    "date_day_first_with_time",
    "date_without_time",
    "date_excel_serial",
    "flag_in_words",
    "flag_as_number",
    "flag_as_true_false",
    "code_prefixed",
    "code_as_lookup_id",
    "chinese_otherwise",
    "sex_in_numbers",
    "category_as_text",
    "factors_as_flags",
    "factors_as_pairs",
    "outcome_broken_by_comment",
)
SET_ASIDE = (
    "unparsable_date",
    "date_after_extract",
    "end_before_start",
    "date_before_birth",
    "code_cut",
    "orphan",
    "zeros_lost",
    "repeated_key",
)
KNOWN_OF = (
    "born_and_unborn",
    "unknown_code",
    "placeholder",
    "code_retired",
    "code_not_yet_valid",
    "early_help_child_left_out",
)
HEADERS = ("columns_in_upper_case", "columns_reordered")

LAST_DAY = date(2023, 12, 31)


def copies(drawn: pl.DataFrame) -> pl.DataFrame:
    """Repeat the rows of a drawing, the copy's number in place of each hash."""
    many = pl.select(copy=pl.int_range(COPIES).cast(pl.String).str.zfill(4)).join(drawn, how="cross")
    return many.select(pl.col(name).str.replace("#", pl.col("copy"), literal=True) for name in drawn.columns)


def authority() -> Tables:
    drawn = raw(**DRAWN) | {"ext_unheard_of": table(UNHEARD_OF)}
    return {name: copies(rows) for name, rows in drawn.items()}


def read(tables: Tables) -> Records:
    return validate({name: rows.rename(str.lower) for name, rows in tables.items()}, extract_day=LAST_DAY)


def cells(tables: Tables, keys: dict[str, str]) -> pl.DataFrame:
    """Give every cell by its table, its row's key and its column; of repeated keys the first row's."""
    lower = {name: rows.rename(str.lower).unique(keys[name], keep="first") for name, rows in tables.items()}
    long = [rows.unpivot(index=keys[name]).with_columns(table=pl.lit(name)) for name, rows in lower.items()]
    return pl.concat(part.rename({part.columns[0]: "row_key", "variable": "column"}) for part in long)


@dataclass(frozen=True)
class Made:
    """Clean tables, what became of them, and every cell that the ledger names, as it was and as it is."""

    clean: Tables
    dirty: Tables
    ledger: pl.DataFrame
    both: pl.DataFrame

    def of(self, kind: str) -> pl.DataFrame:
        return self.ledger.filter(pl.col("kind") == kind).join(self.both, on=["table", "row_key", "column"], how="left")

    def at(self, kind: str, column: str) -> pl.DataFrame:
        """Give the cells of a kind with another column of their rows."""
        beside = self.both.filter(pl.col("column") == column).select("table", "row_key", beside="now")
        return self.of(kind).join(beside, on=["table", "row_key"], how="inner")

    def key(self, name: str) -> str:
        return self.clean[name].columns[0]


@pytest.fixture(scope="module")
def made() -> Made:
    clean = authority()
    dirty, ledger = soil(clean, rate=RATE, seed=SEED)
    keys = {name: rows.columns[0] for name, rows in clean.items()}
    where = ["table", "row_key", "column"]
    both = cells(clean, keys).join(cells(dirty, keys), on=where, how="left", suffix="_now")
    return Made(clean, dirty, ledger, both.rename({"value": "was", "value_now": "now"}))


@pytest.fixture(scope="module")
def readings(made: Made) -> tuple[Records, Records]:
    return read(made.clean), read(made.dirty)


def test_every_kind_of_trap_is_worked_in(made: Made) -> None:
    assert set(made.ledger["kind"]) == {*READ_THROUGH, *SET_ASIDE, *KNOWN_OF, *HEADERS}


@pytest.mark.parametrize("kind", READ_THROUGH)
def test_what_can_be_read_through_is_read_as_it_was(made: Made, readings: tuple[Records, Records], kind: str) -> None:
    n_read = 0
    for (name, column), lines in made.of(kind).partition_by("table", "column", as_dict=True).items():
        clean, dirty = (records.tables[name] for records in readings)
        both = clean.join(dirty, on=made.key(name), suffix="_now").join(
            lines, left_on=made.key(name), right_on="row_key"
        )
        assert both[column].drop_nulls().equals(both[f"{column}_now"])
        n_read += both.height
    assert n_read > 0


@pytest.mark.parametrize("kind", SET_ASIDE)
def test_what_cannot_be_read_is_set_aside_under_its_own_name(
    made: Made, readings: tuple[Records, Records], kind: str
) -> None:
    numbered = [
        made.dirty[name].rename(str.lower).select(pl.lit(name).alias("table"), pl.col(made.key(name)).alias("row_key"))
        for name in DRAWN
    ]
    rows = pl.concat(part.with_columns(row=pl.int_range(1, pl.len() + 1)) for part in numbered)
    aside = readings[1].set_aside.filter(pl.col("kind") == kind).join(rows, on=["table", "row"])
    # Factors are set aside with their assessment.
    followed = [name for name in DRAWN if name != "ssd_assessment_factors"]
    lines = made.of(kind).filter(pl.col("table").is_in(followed))
    assert lines.height > 0
    assert lines.join(aside, on=["table", "row_key"], how="anti").is_empty()


def test_the_cells_that_changed_are_those_that_the_ledger_names(made: Made) -> None:
    there = made.both.join(made.of("early_help_child_left_out"), on=["table", "row_key"], how="anti")
    changed = there.filter(pl.col("was").ne_missing(pl.col("now"))).select("table", "row_key", "column")
    no_cell = ("repeated_key", "early_help_child_left_out", *HEADERS)
    named = made.ledger.filter(~pl.col("kind").is_in(no_cell)).select("table", "row_key", "column")
    assert changed.sort(pl.all()).equals(named.sort(pl.all()))


def test_rows_are_added_and_left_out_as_the_ledger_says_and_no_others(made: Made) -> None:
    added = {name: made.dirty[name].height - made.clean[name].height for name in made.clean}
    repeated = dict(made.of("repeated_key").group_by("table").len().iter_rows())
    left_out = made.of("early_help_child_left_out").height
    assert added == repeated | {"ssd_person": repeated["ssd_person"] - left_out}
    assert list(made.dirty) == list(made.clean)


def test_repeated_rows_stand_at_the_end_as_the_ledger_names_them(made: Made) -> None:
    contacts = made.dirty["ssd_contacts"].rename(str.lower)
    repeated = made.of("repeated_key").filter(pl.col("table") == "ssd_contacts")["row_key"]
    further = contacts.tail(len(repeated))
    assert further["cont_contact_id"].equals(repeated, check_names=False)
    assert further.equals(made.clean["ssd_contacts"].join(further, on=contacts.columns, how="semi")[contacts.columns])


def test_no_row_has_two_traps(made: Made) -> None:
    rows = made.ledger.drop_nulls("row_key")
    assert rows.select("table", "row_key").is_unique().all()


def test_half_the_rows_of_each_table_are_touched_where_there_is_room(made: Made) -> None:
    touched = made.ledger.filter(pl.col("table") == "ssd_contacts", pl.col("row_key").is_not_null())
    assert touched.height == pytest.approx(RATE * 2 * COPIES, abs=5)


def test_an_empty_cell_gets_no_trap_but_an_expected_birth(made: Made) -> None:
    empty = made.both.join(made.ledger, on=["table", "row_key", "column"]).filter(pl.col("was").is_null())
    assert set(empty["kind"]) == {"born_and_unborn"}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(made: Made) -> None:
    again, ledger = soil(authority(), rate=RATE, seed=SEED)
    assert ledger.write_csv() == made.ledger.write_csv()
    assert [rows.write_csv() for rows in again.values()] == [rows.write_csv() for rows in made.dirty.values()]
    assert not soil(authority(), rate=RATE, seed=SEED + 1)[1].equals(ledger)


def test_a_further_table_changes_no_other_tables_traps(made: Made) -> None:
    _, ledger = soil({**made.clean, "ext_more": table("more_id | more_text\n1 | so")}, rate=RATE, seed=SEED)
    assert ledger.filter(pl.col("table") != "ext_more").equals(made.ledger)


def test_at_no_rate_nothing_is_done(made: Made) -> None:
    tables, ledger = soil(made.clean, rate=0.0, seed=SEED)
    assert ledger.equals(pl.DataFrame(schema=LEDGER_SCHEMA))
    assert all(tables[name].equals(made.clean[name]) for name in made.clean)


@pytest.mark.parametrize("name", ["ext_population", "ext_deprivation"])
def test_what_is_told_of_a_place_and_of_nobody_is_left_alone(name: str) -> None:
    told = copies(table("area | n\nE# | 1#"))
    tables, ledger = soil({name: told}, rate=1.0, seed=SEED)
    assert ledger.is_empty()
    assert tables[name].equals(told)


@pytest.mark.parametrize("drawing", ["a_id | a_date", "a_id\n1\n2", "a_id | a_date\n1 |\n | 2023-01-01", "n\n1"])
def test_no_table_is_too_odd(drawing: str) -> None:
    odd = {
        "odd": table(drawing),
        "empty": pl.DataFrame(),
        "numbers": pl.DataFrame({"n_id": [1, 2], "n_none": [None] * 2}),
    }
    tables, ledger = soil(odd, rate=1.0, seed=SEED)
    assert list(tables) == list(odd)
    assert ledger.schema == LEDGER_SCHEMA


def test_a_child_left_out_has_early_help_alone(made: Made) -> None:
    left_out = made.of("early_help_child_left_out")["row_key"]
    assert set(left_out) == {f"003{n:04d}" for n in range(COPIES)}
    assert not set(left_out) & set(made.dirty["ssd_person"].rename(str.lower)["pers_person_id"])


def test_few_children_are_left_out_at_a_low_rate() -> None:
    _, ledger = soil(authority(), rate=0.02, seed=SEED)
    # Ten times the rate of 150 children is 30; its standard deviation is 5.
    assert 10 < ledger.filter(pl.col("kind") == "early_help_child_left_out").height < 50


def test_an_end_that_is_reversed_lies_before_its_start(made: Made) -> None:
    starts = {"earl_episode_end_date": "earl_episode_start_date", "cine_close_date": "cine_referral_date"}
    for end, start in starts.items():
        rows = made.at("end_before_start", start).filter(pl.col("column") == end)
        assert rows.height > 0
        assert (rows["now"].str.to_datetime() < rows["beside"].str.to_datetime()).all()


def test_an_event_before_birth_lies_more_than_a_year_before_it(made: Made) -> None:
    contacts = made.at("date_before_birth", "cont_person_id")
    births = made.clean["ssd_person"].select(beside="pers_person_id", birth=pl.col("pers_dob").str.to_datetime())
    early = contacts.join(births, on="beside")
    assert contacts.height == early.height > 0
    assert ((early["birth"] - early["now"].str.to_datetime()).dt.total_days() > 365).all()


def test_no_event_before_birth_is_told_by_a_day_of_birth_with_a_trap(made: Made) -> None:
    children = made.at("date_before_birth", "cont_person_id")["beside"]
    assert not set(children) & set(made.ledger.filter(pl.col("table") == "ssd_person")["row_key"])


def test_lost_zeros_change_an_id_and_nothing_else_of_it(made: Made) -> None:
    lost = made.of("zeros_lost")
    assert lost["was"].str.starts_with("0").all()
    assert lost["now"].equals(lost["was"].str.strip_chars_start("0"))


def test_an_orphan_points_to_nobody(made: Made) -> None:
    keys = {key for name, rows in made.clean.items() for key in rows[made.key(name)]}
    assert not set(made.of("orphan")["now"]) & keys


def test_a_far_future_lies_decades_ahead_and_an_impossible_day_is_none(made: Made) -> None:
    assert (made.of("date_after_extract")["now"].str.to_datetime() > datetime(2090, 1, 1)).all()
    assert set(made.of("unparsable_date")["now"]) == {"31/02/2021", "2022-13-45", "00/00/0000"}


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("date_day_first", r"^\d\d/\d\d/\d{4}$"),
        ("date_day_first_with_time", r"^\d\d/\d\d/\d{4} \d\d:\d\d"),
        ("date_without_time", r"^\d{4}-\d\d-\d\d$"),
        ("date_excel_serial", r"^[34]\d{4}$"),
        ("flag_in_words", r"^(a\) Yes|b\) No)$"),
        ("flag_as_number", r"^[10]$"),
        ("flag_as_true_false", r"^(true|false)$"),
        ("code_prefixed", r"^[a-z]\) \w+$|^[a-z]\) \w+: .+$|^\w+ - .+$"),
        ("code_as_lookup_id", r"^47\d\d$"),
        ("chinese_otherwise", r"^(CNHE|ACHN)$"),
        ("sex_in_numbers", r"^[120]$"),
        ("category_as_text", r"^(Neglect|Multiple: .+)$"),
        ("factors_as_flags", r'^\{"\w+": "Yes"(, "\w+": "Yes")*\}$'),
        ("factors_as_pairs", r'^\[\{"key": "\w+", "val": "Yes"\}'),
        ("placeholder", r"^(SSD_PH|PLACEHOLDER_DATA|-1)$"),
    ],
)
def test_a_cell_looks_as_its_kind_says(made: Made, kind: str, pattern: str) -> None:
    assert made.of(kind)["now"].str.contains(pattern).all()


@pytest.mark.parametrize("written", ["b) F", "a) N1", "N1 - Abuse, neglect or exploitation", "r) 6: Police"])
def test_a_code_gets_a_letter_or_its_meaning_or_both(made: Made, written: str) -> None:
    assert written in set(made.of("code_prefixed")["now"])


def test_a_lookup_id_leaves_its_description_and_is_no_code(made: Made) -> None:
    rows = made.at("code_as_lookup_id", "cont_contact_source_desc")
    assert set(rows["beside"]) == {"Police", "School"}
    assert not set(rows["now"]) & set(spellings("referral_source"))


def test_a_code_that_is_cut_has_four_characters_and_is_in_no_list(made: Made) -> None:
    assert set(made.of("code_cut")["now"]) == {"CHIN", "WHIT"}
    assert not {"CHIN", "WHIT"} & set(spellings("ethnicity"))


def test_a_word_that_is_a_known_code_when_cut_is_not_cut() -> None:
    # BEHAVIOUR is cut to a code that readers know, HEARING to the code itself.
    drawn = copies(table("a_id | a_disability_code\n1# | BEH\n2# | HEAR\n3# | MOB"))
    tables, ledger = soil({"a": drawn}, rate=1.0, seed=SEED)
    cut = ledger.filter(pl.col("kind") == "code_cut").select(pl.col("row_key").alias("a_id"))
    assert set(tables["a"].rename(str.lower).join(cut, on="a_id")["a_disability_code"]) == {"MOBI"}


@pytest.mark.parametrize("codelist", ["sex", "ethnicity", "referral_source", "primary_need", "cp_category"])
def test_an_unknown_code_is_in_no_list(made: Made, codelist: str) -> None:
    unknown = set(made.of("unknown_code")["now"])
    assert len(unknown) == 2
    assert not unknown & set(spellings(codelist))


def test_retired_codes_stand_after_their_last_year(made: Made) -> None:
    factors = made.at("code_retired", "cinf_assessment_id")
    assert set(factors["now"]) == {'["16A", "18A"]'}
    assert factors["beside"].str.starts_with("082").all()  # authorised in June 2023
    assert set(made.at("code_retired", "clae_cla_episode_ceased_date")["now"]) == {"E43"}


def test_codes_not_yet_valid_stand_before_their_first_year(made: Made) -> None:
    factors = made.at("code_not_yet_valid", "cinf_assessment_id")
    assert set(factors["now"]) == {'["2B", "18C", "24A"]'}
    assert factors["beside"].str.starts_with("081").all()  # authorised in March 2020


def test_a_comment_with_quotation_marks_breaks_the_json(made: Made) -> None:
    broken = made.of("outcome_broken_by_comment")["now"]
    assert broken.len() > 0
    for text in broken.unique():
        with pytest.raises(json.JSONDecodeError, match="delimiter"):
            json.loads(text)


def test_a_child_that_is_born_and_unborn_is_read_as_born(made: Made, readings: tuple[Records, Records]) -> None:
    children = made.of("born_and_unborn")["row_key"]
    people = readings[1].tables["ssd_person"].filter(pl.col("pers_person_id").is_in(children.implode()))
    assert people.height == len(children) > 0
    assert people["pers_dob"].is_in([date(2010, 3, 14), date(2012, 11, 30), date(2008, 7, 1)]).all()


def test_a_child_not_born_yet_is_no_trap(made: Made) -> None:
    unborn = made.of("born_and_unborn").filter(pl.col("row_key").str.starts_with("004"))
    assert unborn.is_empty()


def test_headers_are_in_upper_case_or_turned_where_the_ledger_says_so(made: Made) -> None:
    for name, clean in made.clean.items():
        is_upper, is_turned = (name in set(made.of(kind)["table"]) for kind in HEADERS)
        headers = made.dirty[name].columns
        assert (headers == [column.upper() for column in clean.columns]) == is_upper
        assert (headers != clean.columns and sorted(headers) == sorted(clean.columns)) == is_turned


def test_a_placeholder_that_stood_there_before_is_no_place_for_a_trap() -> None:
    drawn = copies(table("a_id | a_date\n1# | 2023-01-02 00:00:00\n2# | SSD_PH"))
    _, ledger = soil({"a": drawn}, rate=1.0, seed=SEED)
    in_cells = ledger.filter(pl.col("column") == "a_date")
    assert "date_day_first" in set(in_cells["kind"])
    assert in_cells["row_key"].str.starts_with("1").all()


def test_numbers_are_no_codes() -> None:
    drawn = copies(table("a_id | a_score\n1# | 4\n2# | 9"))
    _, ledger = soil({"a": drawn}, rate=1.0, seed=SEED)
    assert set(ledger.drop_nulls("column")["kind"]) == {"placeholder", "repeated_key"}


def test_a_cell_that_would_stay_as_it_is_gets_no_line() -> None:
    drawn = copies(table("a_id | a_date\n# | 2023-01-02"))
    _, ledger = soil({"a": drawn}, rate=1.0, seed=SEED)
    assert "date_day_first" in set(ledger["kind"])
    assert "date_without_time" not in set(ledger["kind"])


def test_the_ledger_of_a_file_is_the_ledger(made: Made) -> None:
    written = io.BytesIO(made.ledger.write_csv().encode())
    assert pl.read_csv(written, schema=LEDGER_SCHEMA).equals(made.ledger)
