"""An Annex A workbook, drawn list by list, and the rows of the standard's tables that come of it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from features.sources.annex_a import opening as annex_a_opening
from features.sources.annex_a.lists import LISTS
from features.sources.annex_a.reading import CAN_HOLD, CANNOT_GIVE, looks_like_workbook, read_annex_a
from features.tables import CONTRACTS, columns_of
from features.tables.validate import examine
from tests.drawing import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from features.sources.raw import RawTables

CHILD = "Child Unique ID | Gender | Ethnicity | Date of Birth"
CONTACTS = f"""
    {CHILD}                                  | Date of Contact | Contact Source
    0012 | a) Male   | a) WBRI | 01/05/2015  | 03/02/2025      | q) 6: Police
    0012 | a) Male   | a) WBRI | 01/05/2015  | 09/02/2025      | e) 2A: Schools
    7    | b) Female | t) NOBT | 11/12/2010  | 04/02/2025      | p1) 5D: LA services
"""


def as_cell(drawn: str) -> Any:
    """Turn `@2025-02-03` into a date, `@2025-02-03T10:30` into a day with a time, `#12` into a number."""
    if drawn.startswith("@"):
        return datetime.fromisoformat(drawn[1:])
    return float(drawn[1:]) if drawn.startswith("#") else drawn


def draw(path: Path, sheets: Mapping[str, str], *, above: tuple[str, ...] = ()) -> Path:
    """Write a workbook; each sheet is a drawn table, below some lines of text."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for name, drawing in sheets.items():
            sheet = book.add_worksheet(name)
            drawn = [[c.strip() for c in line.split("|")] for line in drawing.strip().splitlines() if line.strip()]
            for line, cells in enumerate([*([text] for text in above), *drawn]):
                for place, drawn_cell in enumerate(cells):
                    cell = as_cell(drawn_cell.replace("\\n", "\n"))
                    if isinstance(cell, datetime):
                        sheet.write_datetime(line, place, cell, day)
                    elif isinstance(cell, float):
                        sheet.write_number(line, place, cell)
                    elif cell:
                        sheet.write_string(line, place, cell)
    return path


def turned(drawing: str) -> str:
    """Turn a drawing whose lines are columns, for lists too wide to be drawn in rows."""
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
    return "\n".join(" | ".join(row) for row in zip(*lines, strict=True))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., RawTables]:
    def _read(*, above: tuple[str, ...] = (), **sheets: str) -> RawTables:
        named = {name.replace("_", " "): drawing for name, drawing in sheets.items()}
        return read_annex_a(draw(tmp_path / "annex.xlsx", named, above=above))

    return _read


def assert_gives(raw: RawTables, name: str, drawing: str) -> None:
    assert raw.problems == ()
    drawn = table(drawing)
    assert_frame_equal(raw.tables[name].select(drawn.columns), drawn)


# --- Sheets, headers and cells


@pytest.mark.parametrize("name", ["List 1", "List_1", "list1", "1", "LIST 1 - Contacts", "Contacts", " contacts "])
def test_a_list_is_found_by_its_number_or_by_its_name(tmp_path: Path, name: str) -> None:
    raw = read_annex_a(draw(tmp_path / "annex.xlsx", {"Notes": "About | this", name: CONTACTS}))
    assert (raw.problems, raw.tables["ssd_contacts"].height) == ((), 3)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (2, "Early Help Assessments"),
        (3, "Referrals"),
        (4, "Assessments"),
        (5, "Section 47 and ICPC"),
        (5, "S47"),
        (6, "Children in Need"),
        (6, "CIN"),
        (7, "Child Protection Plans"),
        (7, "CPP"),
        (8, "Children in Care"),
        (8, "Children Looked After"),
        (9, "Care Leavers"),
        (10, "Adoption"),
        (11, "Prospective adopters"),
        (None, "2024 figures"),
        (None, "List 12"),
    ],
)
def test_every_list_has_a_name(number: int | None, name: str) -> None:
    from features.sources.annex_a.workbook import list_of

    assert list_of(name) == number


@pytest.mark.parametrize(
    "header",
    [
        "Child Unique ID | Gender | Ethnicity | Date of Birth | Date of Contact | Contact Source",
        "CHILD UNIQUE ID | GENDER | ETHNICITY | DATE OF BIRTH | DATE OF CONTACT | CONTACT SOURCE",
        "Child’s unique identifier | Sex | Child's ethnicity | DOB | Contact\\ndate? | Source  of   contact",  # noqa: RUF001 - as sheets have it
        "Unique ID | Gender? | Ethnicity | Date of\\nBirth | “Date of contact” | Contact Source (agency)",
    ],
)
def test_headers_are_found_however_they_are_written(read: Callable[..., RawTables], header: str) -> None:
    raw = read(List_1=f"{header}\n 0012 | a) Male | a) WBRI | 01/05/2015 | 03/02/2025 | q) 6: Police")
    drawing = """
        cont_person_id | cont_contact_date | cont_contact_source_code
        0012           | 03/02/2025        | q) 6: Police
    """
    assert_gives(raw, "ssd_contacts", drawing)
    assert [told for told in raw.told if "no column" in told] == []


def test_titles_and_blank_rows_may_stand_above_the_header(read: Callable[..., RawTables]) -> None:
    raw = read(above=("List 1: contacts", "by child unique ID, six months to 31 March", ""), List_1=CONTACTS)
    assert raw.tables["ssd_contacts"].height == 3


def test_columns_may_stand_in_any_order_beside_others(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_1="Contact Source | Notes | Date of Contact | Child Unique ID\n q) 6: Police | none | 03/02/2025 | 7"
    )
    assert_gives(raw, "ssd_contacts", "cont_person_id | cont_contact_date \n 7 | 03/02/2025")


def test_every_standard_header_is_read_as_its_own_column() -> None:
    from features.sources.annex_a.workbook import find_header

    for asked in LISTS[:10]:
        sheet = pl.DataFrame([[c.header for c in asked.asks]], orient="row")
        places, below = find_header(sheet, asked.asks)
        assert (below, places) == (1, {c.name: place for place, c in enumerate(asked.asks)})


def test_a_pattern_finds_its_own_column_and_no_other() -> None:
    """Headers with a word more are no longer the standard's, so that patterns alone must tell them apart."""
    from features.sources.annex_a.workbook import find_header

    for asked in LISTS[:10]:
        columns = [c for c in asked.asks if c.pattern]
        sheet = pl.DataFrame([[f"{c.header} [{place}]" for place, c in enumerate(asked.asks)]], orient="row")
        places, _ = find_header(sheet, asked.asks)
        assert places == {c.name: asked.asks.index(c) for c in columns}, asked.title


def test_days_may_be_dates_times_serials_or_text(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_1="""
            Child Unique ID | Date of Contact   | Contact Source
            1               | @2025-02-03       | 6
            2               | @2025-02-03T10:30 | 6
            3               | #45691            | 6
            4               | 03/02/2025        | 6
            5               | 2025-02-03        | 6
        """
    )
    days = examine(raw.tables, extract_day=date(2025, 3, 31)).records.tables["ssd_contacts"]["cont_contact_date"]
    assert days.to_list() == [date(2025, 2, 3)] * 5


def test_ids_keep_their_zeros_as_text_and_have_no_decimals_as_numbers(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_1="""
            Child Unique ID | Date of Contact | Contact Source
            00123           | 03/02/2025      | 6
            #12345.0        | 03/02/2025      | 6
            #98765432101234 | 03/02/2025      | 6
        """
    )
    assert raw.tables["ssd_person"]["pers_person_id"].to_list() == ["00123", "12345", "98765432101234"]


def test_rows_of_nothing_are_left_out_and_rows_without_a_child_are_kept(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_1="Child Unique ID | Date of Contact | Contact Source\n 1 | 03/02/2025 | 6\n | | \n | 04/02/2025 | 6"
    )
    assert raw.tables["ssd_contacts"]["cont_person_id"].to_list() == ["1", None]
    assert raw.tables["ssd_person"].height == 1


def test_columns_that_a_list_lacks_are_told(read: Callable[..., RawTables]) -> None:
    raw = read(List_1="Child Unique ID | Gender | Date of Contact\n 1 | a) Male | 03/02/2025")
    assert "list 1 has no column for: Ethnicity; Date of Birth; Contact Source" in raw.told
    assert raw.tables["ssd_contacts"]["cont_contact_source_code"].to_list() == [None]


# --- What each list gives


def test_contacts_are_numbered_within_each_child(read: Callable[..., RawTables]) -> None:
    drawing = """
        cont_contact_id | cont_person_id | cont_contact_date | cont_contact_source_code
        0012-contact1   | 0012           | 03/02/2025        | q) 6: Police
        0012-contact2   | 0012           | 09/02/2025        | e) 2A: Schools
        7-contact1      | 7              | 04/02/2025        | p1) 5D: LA services
    """
    assert_gives(read(List_1=CONTACTS), "ssd_contacts", drawing)


def test_an_early_help_assessment_gives_an_episode(read: Callable[..., RawTables]) -> None:
    raw = read(
        Early_Help="""
            Child Unique ID | Assessment start date | Assessment completion date | Organisation completing assessment
            7               | 01/12/2024            |                            | Family Hub
        """
    )
    drawing = """
        earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_end_date | earl_episode_organisation
        7-help1         | 7              | 01/12/2024              |                       | Family Hub
    """
    assert_gives(raw, "ssd_early_help_episodes", drawing)


REFERRALS = """
    Child Unique ID | Date of referral | Referral Source | Referral NFA? | Allocated Team | Allocated Worker
    1               | 01/10/2024       | q) 6: Police    | b) No         | MASH           | w1
    1               | 01/12/2024       | e) 2A: Schools  | b) No         | MASH           | w2
    1               | 03/12/2024       | e) 2A: Schools  | a) Yes        | MASH           | w3
"""
CASES = turned(
    """
    Child Unique ID    | 1                 | 2
    CIN Start Date     | 05/12/2024        | 07/07/2021
    Primary Need Code  | N1                | N2
    CIN Closure Date   | 01/03/2025        |
    Reason for Closure | RC7               |
    Case Status        | e) Closed episode | c) Child in need plan
    """
)


def test_a_case_completes_the_nearest_referral_that_led_on_and_else_is_its_own_episode(
    read: Callable[..., RawTables],
) -> None:
    drawing = """
        cine_referral_id | cine_referral_date | cine_referral_nfa | cine_cin_primary_need_code | cine_close_date
        1-referral1      | 01/10/2024         | b) No             |                            |
        1-referral2      | 01/12/2024         | b) No             | N1                         | 01/03/2025
        1-referral3      | 03/12/2024         | a) Yes            |                            |
        2-case1          | 07/07/2021         |                   | N2                         |
    """
    raw = read(List_3=REFERRALS, List_6=CASES)
    assert_gives(raw, "ssd_cin_episodes", drawing)
    assert any(told.startswith("cases of list 6 without a referral in list 3: 1 of 2;") for told in raw.told)


def test_a_referral_is_never_two_episodes(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_3="Child Unique ID | Date of referral | Referral NFA?\n 1 | 01/10/2024 | b) No",
        List_6="Child Unique ID | CIN Start Date | Primary Need Code\n 1 | 05/12/2024 | N2\n 1 | 02/10/2024 | N1",
    )
    drawing = """
        cine_referral_id | cine_referral_date | cine_cin_primary_need_code
        1-referral1      | 01/10/2024         | N1
        1-case1          | 05/12/2024         | N2
    """
    assert_gives(raw, "ssd_cin_episodes", drawing)


def test_only_a_child_in_need_plan_is_a_plan(read: Callable[..., RawTables]) -> None:
    drawing = """
        cinp_cin_plan_id | cinp_person_id | cinp_referral_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        2-plan1          | 2              | 2-case1          | 07/07/2021               |
    """
    assert_gives(read(List_6=CASES), "ssd_cin_plans", drawing)


def test_the_day_a_child_was_last_seen_is_one_visit(read: Callable[..., RawTables]) -> None:
    header = "Child Unique ID | CIN Start Date | Case Status | Date Child Was Last Seen"
    raw = read(List_6=f"{header}\n 1 | 01/02/2021 | Open | 02/03/2025\n 1 | 05/01/2025 | Open | 02/03/2025")
    drawing = """
        cinv_cin_visit_id | cinv_person_id | cinv_cin_visit_date | cinv_cin_visit_seen
        1-visit1          | 1              | 02/03/2025          | Y
    """
    assert_gives(raw, "ssd_cin_visits", drawing)


def test_an_assessment_belongs_to_the_nearest_referral_and_says_whether_nothing_followed(
    read: Callable[..., RawTables],
) -> None:
    raw = read(
        List_3=REFERRALS,
        List_4=turned(
            """
    Child Unique ID                                                        | 1          | 1          | 3
    Continuous Assessment Start Date                                       | 02/10/2024 | 05/12/2024 | 05/12/2024
    Continuous Assessment Date of Authorisation                            | 20/10/2024 |            |
    Child Seen                                                             | a) Yes     |            |
    Was the child assessed as requiring LA children's social care support? | a) Yes     | b) No      |
    """
        ),
    )
    drawing = turned(
        """
    cina_assessment_id          | 1-assessment1 | 1-assessment2 | 3-assessment1
    cina_referral_id            | 1-referral1   | 1-referral2   |
    cina_assessment_auth_date   | 20/10/2024    |               |
    cina_assessment_child_seen  | a) Yes        |               |
    cina_assessment_outcome_nfa | N             | Y             |
    """
    )
    assert_gives(raw, "ssd_cin_assessments", drawing)


ENQUIRIES = turned(
    """
    Child Unique ID                                                               | 1          | 2          | 3
    Strategy discussion initiating Section 47 Enquiry Start Date                  | 02/01/2025 | 03/01/2025 |
    Was an Initial Child Protection Conference deemed unnecessary?                | b) No      | a) Yes     |
    Date of Initial Child Protection Conference                                   | 15/01/2025 |            | 20/01/2025
    Did the Initial Child Protection Conference Result in a Child Protection Plan | a) Yes     |            | a) Yes
    """
)


def test_an_enquiry_and_its_conference_are_joined(read: Callable[..., RawTables]) -> None:
    raw = read(List_5=ENQUIRIES)
    drawing = """
        icpc_icpc_id  | icpc_s47_enquiry_id | icpc_person_id | icpc_icpc_date | icpc_icpc_outcome_cp_flag
        1-conference1 | 1-enquiry1          | 1              | 15/01/2025     | a) Yes
        3-conference1 |                     | 3              | 20/01/2025     | a) Yes
    """
    assert_gives(raw, "ssd_initial_cp_conference", drawing)
    drawing = """
        s47e_s47_enquiry_id | s47e_person_id | s47e_s47_start_date | s47e_s47_nfa | s47e_s47_end_date
        1-enquiry1          | 1              | 02/01/2025          | b) No        |
        2-enquiry1          | 2              | 03/01/2025          | a) Yes       |
    """
    assert_gives(raw, "ssd_s47_enquiry", drawing)


def test_a_protection_plan_gives_its_last_review_and_visit(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_7=turned(
            """
    Child Unique ID                  | 1
    Child Protection Plan Start Date | 01/06/2024
    Initial Category of Abuse        | a) Neglect
    Latest Category of Abuse         | d) Emotional abuse
    Date of the Last Statutory Visit | 02/03/2025
    Was the Child Seen Alone?        | a) Yes
    Date of latest review conference | 05/02/2025
    Child Protection Plan End Date   |
    """
        )
    )
    assert_gives(raw, "ssd_cp_plans", "cppl_cp_plan_id | cppl_cp_plan_initial_category \n 1-plan1 | a) Neglect")
    drawing = "cppr_cp_review_id | cppr_cp_plan_id | cppr_cp_review_date \n 1-review1 | 1-plan1 | 05/02/2025"
    assert_gives(raw, "ssd_cp_reviews", drawing)
    drawing = "cppv_cp_plan_id | cppv_cp_visit_date | cppv_cp_visit_seen_alone \n 1-plan1 | 02/03/2025 | a) Yes"
    assert_gives(raw, "ssd_cp_visits", drawing)


CARE = turned(
    """
    Child Unique ID                               | 1          | 2
    UASC?                                         | a) Yes     | b) No
    Date Started to be Looked After               | 01/02/2023 | 01/02/2022
    Child's Category of Need                      | N8         | N1
    Start date of current legal status            | 05/02/2024 |
    Child's Legal Status                          | C2: FCO    |
    Date of Latest Statutory Review               | 01/03/2025 |
    Date of Last Social Work Visit                | 02/03/2025 |
    Date of Last IRO Visit / Contact to the Child | 03/03/2025 |
    Date of Last Health Assessment                | 04/01/2025 |
    Date of Last Dental Check                     | 05/01/2025 |
    Date Ceased to be Looked After                |            | 01/01/2025
    Reason Ceased to be Looked After              |            | e) E4A
    Start Date of Most Recent Placement           | 06/02/2024 |
    Placement Type                                | a) U1      |
    URN of Placement                              | SC1        |
    """
)


def test_a_period_of_care_gives_one_episode(read: Callable[..., RawTables]) -> None:
    drawing = turned(
        """
    clae_cla_episode_id            | 1-episode1 | 2-episode1
    clae_cla_id                    | 1-care1    | 2-care1
    clae_cla_placement_id          | 1-home1    |
    clae_cla_episode_start_date    | 01/02/2023 | 01/02/2022
    clae_cla_episode_ceased_date   |            | 01/01/2025
    clae_cla_episode_ceased_reason |            | e) E4A
    clae_cla_last_iro_contact_date | 03/03/2025 |
    """
    )
    assert_gives(read(List_8=CARE), "ssd_cla_episodes", drawing)


@pytest.mark.parametrize(
    ("name", "drawing"),
    [
        (
            "ssd_cla_placement",
            "clap_cla_placement_id | clap_cla_placement_start_date | clap_cla_id \n 1-home1 | 06/02/2024 | 1-care1",
        ),
        (
            "ssd_legal_status",
            "lega_person_id | lega_legal_status | lega_legal_status_start_date \n 1 | C2: FCO | 05/02/2024",
        ),
        ("ssd_cla_reviews", "clar_cla_id | clar_cla_review_date \n 1-care1 | 01/03/2025"),
        ("ssd_cla_visits", "clav_cla_id | clav_cla_visit_date \n 1-care1 | 02/03/2025"),
        (
            "ssd_cla_health",
            "clah_health_check_type | clah_health_check_date \n"
            "Health Assessment | 04/01/2025 \n Dental Check | 05/01/2025",
        ),
        (
            "ssd_immigration_status",
            "immi_person_id | immi_immigration_status | immi_immigration_status_start_date \n"
            "1 | Unaccompanied Asylum Seeking Child | 01/02/2023",
        ),
    ],
)
def test_a_period_of_care_gives_the_last_of_each_thing(read: Callable[..., RawTables], name: str, drawing: str) -> None:
    assert_gives(read(List_8=CARE), name, drawing)


def test_a_care_leaver_is_one_row_and_asylum_without_a_day_is_told(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_9=turned(
            """
    Child Unique ID              | 1
    UASC or formerly UASC        | a) Yes
    Eligibility Category         | b) Former relevant child
    LA in Touch                  | a) Yes
    Latest Date of Contact       | 02/03/2025
    Type of Accommodation        | U: Independent living
    Suitability of Accommodation | a) Suitable
    Activity Status              | F5: Work
    """
        )
    )
    drawing = turned(
        """
    clea_table_id                   | 1-leaver1
    clea_person_id                  | 1
    clea_care_leaver_in_touch       | a) Yes
    clea_care_leaver_accommodation  | U: Independent living
    clea_care_leaver_accom_suitable | a) Suitable
    """
    )
    assert_gives(raw, "ssd_care_leavers", drawing)
    assert (
        "care leavers who came alone to seek asylum: fewer than 5; list 9 gives no day, so it is not read" in raw.told
    )


def test_an_adoption_gives_its_steps_and_the_family(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_10=turned(
            """
    Child Unique ID                                           | 1          | 2
    Family identifier                                         | f1         |
    Date of Decision that Child Should be Placed for Adoption | 01/02/2024 | 01/02/2024
    Date of Adoption Order                                    | 01/02/2025 |
    """
        )
    )
    drawing = """
        perm_person_id | perm_adm_decision_date | perm_permanence_order_date | perm_permanence_order_type
        1              | 01/02/2024             | 01/02/2025                 | Adoption
        2              | 01/02/2024             |                            |
    """
    assert_gives(raw, "ssd_permanence", drawing)
    assert_gives(raw, "ssd_family", "fami_table_id | fami_family_id | fami_person_id \n 1-family1 | f1 | 1")


def test_adopters_are_not_read(read: Callable[..., RawTables]) -> None:
    raw = read(List_1=CONTACTS, List_11="Individual adopter identifier | Gender \n a77 | a) Male")
    assert "a77" not in {cell for frame in raw.tables.values() for cell in frame.to_series().to_list()}
    assert any("List 11" in sentence for sentence in CANNOT_GIVE)


# --- Children


def test_the_first_list_that_has_a_value_wins_and_clashes_are_counted(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_2=f"{CHILD} | Assessment start date \n 1 | b) Female | c) WIRT | 01/05/2015 | 01/01/2025",
        List_1=f"{CHILD} | Date of Contact       \n 1 | a) Male   |         | @2015-05-01 | 01/01/2025",
    )
    drawing = "pers_person_id | pers_sex | pers_ethnicity | pers_dob \n 1 | a) Male | c) WIRT | 2015-05-01 00:00:00"
    assert_gives(raw, "ssd_person", drawing)
    clashes = [told for told in raw.told if "more than one" in told]
    assert clashes == [
        "children with more than one gender in the lists: fewer than 5; the first list that has one wins"
    ]


def test_a_value_spelled_in_two_ways_is_no_clash(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_1=f"{CHILD} | Date of Contact       \n 1 | a) Male | a) WBRI | 01/05/2015  | 01/01/2025",
        List_2=f"{CHILD} | Assessment start date \n 1 | M       | WBRI    | @2015-05-01 | 01/01/2025",
    )
    assert [told for told in raw.told if "more than one" in told] == []


def test_what_the_lists_call_gender_is_sex(read: Callable[..., RawTables]) -> None:
    people = examine(read(List_1=CONTACTS, List_2="", List_3=REFERRALS).tables).records.tables["ssd_person"]
    assert people.filter(pl.col("pers_person_id") == "7")["pers_sex"].to_list() == ["F"]
    assert people["pers_gender"].null_count() == people.height


def test_a_disability_is_of_unknown_kind(read: Callable[..., RawTables]) -> None:
    raw = read(
        List_6="""
            Child Unique ID | Does the Child have a Disability | CIN Start Date
            1               | a) Yes                           | 01/01/2025
            2               | b) No                            | 01/01/2025
            3               | c) Unknown                       | 01/01/2025
            4               |                                  | 01/01/2025
            5               | Autism                           | 01/01/2025
        """
    )
    drawing = "disa_person_id | disa_disability_code \n 1 | \n 2 | NONE \n 5 | Autism"
    assert_gives(raw, "ssd_disability", drawing)


# --- What the reader says of itself


def test_a_list_that_is_absent_leaves_its_tables_out_and_is_told(read: Callable[..., RawTables]) -> None:
    raw = read(List_1=CONTACTS)
    assert set(raw.tables) == {"ssd_person", "ssd_disability", "ssd_contacts"}
    assert raw.told[0] == "the workbook has no sheet for list 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"


def test_a_whole_workbook_gives_every_table_with_every_column_that_contracts_need(tmp_path: Path) -> None:
    headers = {f"List {asked.number}": " | ".join(column.header for column in asked.asks) for asked in LISTS}
    raw = read_annex_a(draw(tmp_path / "annex.xlsx", headers))
    assert (set(raw.tables), raw.problems) == (CAN_HOLD, ())
    for name in CAN_HOLD & set(CONTRACTS):
        needed = {column for column, stated in columns_of(CONTRACTS[name]).items() if stated.is_required}
        assert needed - set(raw.tables[name].columns) == set(), name
        assert set(raw.tables[name].columns) - set(columns_of(CONTRACTS[name])) == set(), name
        assert set(raw.tables[name].schema.values()) == {pl.String}, name


def test_each_table_has_the_sum_of_the_file_that_it_came_from(tmp_path: Path) -> None:
    path = draw(tmp_path / "annex.xlsx", {"List 1": CONTACTS})
    assert read_annex_a(path).hashes["ssd_contacts"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_nothing_that_is_said_repeats_a_cell(read: Callable[..., RawTables]) -> None:
    canary = "canary"
    raw = read(
        above=(canary,),
        List_1=f"{CHILD} | Date of Contact | {canary}\n" + " | ".join([canary] * 6),
        List_2=f"{canary} | {canary} \n {canary} | {canary}",
        **{canary: canary},
    )
    assert raw.problems != ()
    assert canary not in repr((raw.problems, raw.told, raw.cannot_give, raw.unread))


# --- Refusals


def problem_of(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    raw = read_annex_a(path)
    assert raw.tables == {}
    (problem,) = raw.problems
    return problem


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    return draw(tmp_path / "whole.xlsx", {"List 1": CONTACTS}).read_bytes()


def changed(whole: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Give a workbook in which one member is another; it is added where it is not there."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), member]):
            held = old.read(name) if name in old.namelist() else b""
            new.writestr(name, change(held) if name == member else held)
    return written.getvalue()


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def test_workbooks_of_today_and_of_old_are_recognised() -> None:
    assert looks_like_workbook(annex_a_opening.ZIP + b"...")
    assert looks_like_workbook(annex_a_opening.OLE + b"...")
    assert not looks_like_workbook(b"pers_person_id,pers_sex")


def test_an_old_or_protected_workbook_is_to_be_saved_as_xlsx(tmp_path: Path) -> None:
    problem = problem_of(tmp_path / "old.xls", annex_a_opening.OLE + bytes(4096))
    assert problem == "old.xls: it is an old .xls workbook or has a password: save it as .xlsx without a password"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b\n1,2\n", bytes(1000)])
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    assert "it is not a workbook" in problem_of(tmp_path / "annex.xlsx", content)


def test_a_zip_file_of_other_things_is_no_workbook(tmp_path: Path, whole: bytes) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("records.csv", "a,b")
    assert "it is not a workbook: save the lists as .xlsx" in problem_of(tmp_path / "annex.xlsx", held.getvalue())
    binary = changed(whole, "xl/workbook.bin", lambda _: b"...")
    assert "it is a workbook of another kind" in problem_of(tmp_path / "annex.xlsx", binary)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_refused(tmp_path: Path, whole: bytes, kept: float) -> None:
    assert "not the whole of one" in problem_of(tmp_path / "annex.xlsx", whole[: int(len(whole) * kept)])


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, whole: bytes) -> None:
    bomb = changed(whole, TEXTS, lambda _: bytes(annex_a_opening.SMALL + 1))
    assert "it unpacks to far more than eleven lists need" in problem_of(tmp_path / "annex.xlsx", bomb)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path, whole: bytes) -> None:
    bomb = changed(whole, TEXTS, lambda _: bytes(annex_a_opening.SMALL + 1))
    size = (annex_a_opening.SMALL + 1).to_bytes(4, "little")
    lie = bomb.replace(size, (10).to_bytes(4, "little"))
    assert lie != bomb
    assert "not the whole of one" in problem_of(tmp_path / "annex.xlsx", lie)


@pytest.mark.parametrize("place", [b'r="XFD1048576"', b"r = 'xfd1048576'", b'r="AZ900000"'])
def test_a_cell_at_the_far_end_of_a_sheet_is_refused(tmp_path: Path, whole: bytes, place: bytes) -> None:
    """Laid out, such a sheet asks for more memory than there is, and that ends the program."""
    far = changed(whole, SHEET, lambda sheet: sheet.replace(b'r="B2"', place))
    assert "a cell far outside its list" in problem_of(tmp_path / "annex.xlsx", far)


def test_a_count_of_more_texts_than_can_be_is_refused(tmp_path: Path, whole: bytes) -> None:
    vast = changed(whole, TEXTS, lambda texts: texts.replace(b"uniqueCount=", b'uniqueCount="99999999999999" was='))
    assert "more texts than a workbook can hold" in problem_of(tmp_path / "annex.xlsx", vast)


def test_entities_are_not_expanded(tmp_path: Path, whole: bytes) -> None:
    entities = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    laughs = changed(whole, TEXTS, lambda t: t.replace(b"?>", b"?>" + entities, 1).replace(b"a) Male", b"&b;"))
    path = tmp_path / "annex.xlsx"
    path.write_bytes(laughs)
    raw = read_annex_a(path)
    assert "haha" not in repr([frame.to_dicts() for frame in raw.tables.values()])


def test_a_broken_sheet_is_named_and_the_others_are_read(tmp_path: Path, whole: bytes) -> None:
    path = draw(tmp_path / "two.xlsx", {"List 1": CONTACTS, "List 3": REFERRALS})
    path.write_bytes(changed(path.read_bytes(), "xl/worksheets/sheet2.xml", lambda sheet: sheet[: len(sheet) // 2]))
    raw = read_annex_a(path)
    assert raw.problems == ("list 3: the sheet cannot be read; copy it into a new workbook",)
    assert raw.tables["ssd_contacts"].height == 3


def test_a_workbook_without_a_list_is_refused(tmp_path: Path) -> None:
    raw = read_annex_a(draw(tmp_path / "annex.xlsx", {"Summary": "a | b"}))
    assert raw.problems == ("annex.xlsx: no sheet is called List 1 to List 11, by number or by name",)


def test_a_list_without_its_headers_is_refused(read: Callable[..., RawTables]) -> None:
    raw = read(List_1="Contacts | made \n 1 | 01/01/2025")
    assert raw.problems == ("list 1: none of the first 10 rows holds the list's headers, with a child's id among them",)


def test_a_list_on_two_sheets_is_refused(read: Callable[..., RawTables]) -> None:
    raw = read(List_1=CONTACTS, Contacts=CONTACTS)
    assert raw.problems == ("list 1 stands on 2 sheets: keep one of them",)


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    (problem,) = read_annex_a(tmp_path / "absent.xlsx").problems
    assert problem == "absent.xlsx: the file cannot be opened (FileNotFoundError)"
