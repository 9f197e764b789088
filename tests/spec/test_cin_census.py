"""What becomes of a child in need census: the XML as a case system writes it, and the rows of the standard's tables."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from features.sources.cin_census.reading import looks_like_cin_census, read_cin_census
from features.sources.nested import MOST_BYTES_OF_A_CHILD
from features.tables import CONTRACTS, columns_of
from tests.drawing import table

if TYPE_CHECKING:
    from pathlib import Path

    from features.sources.raw import RawTables

HEADER = """<Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year>
    <ReferenceDate>2025-03-31</ReferenceDate></CollectionDetails></Header>"""
IDENTIFIERS = "<ChildIdentifiers><LAchildID>007</LAchildID></ChildIdentifiers>"


def child(details: str, *, identifiers: str = IDENTIFIERS) -> str:
    return f"<Child>{identifiers}{details}</Child>"


def document(*children: str, header: str = HEADER) -> str:
    return f'<?xml version="1.0"?><Message>{header}<Children>{"".join(children)}</Children></Message>'


def read(folder: Path, text: str | bytes) -> RawTables:
    path = folder / "returned.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_cin_census(path)


def assert_rows(raw: RawTables, name: str, drawing: str) -> None:
    """Compare the columns that are drawn, row by row."""
    drawn = table(drawing)
    assert raw.problems == ()
    assert raw.tables[name].select(drawn.columns).rows() == drawn.rows()


WHOLE = document(
    """<Child>
      <ChildIdentifiers>
        <LAchildID>007</LAchildID><UPN>A123456789012</UPN><UPNunknown>UN1</UPNunknown>
        <PersonBirthDate>2012-05-06</PersonBirthDate><Sex>F</Sex><PersonDeathDate>2025-03-01</PersonDeathDate>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities><Disability>AUT</Disability><Disability>LD</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2024-04-02</CINreferralDate><ReferralSource>6</ReferralSource>
        <PrimaryNeedCode>N1</PrimaryNeedCode><CINclosureDate>2024-12-31</CINclosureDate>
        <ReasonForClosure>RC7</ReasonForClosure>
        <Assessments>
          <AssessmentActualStartDate>2024-04-03</AssessmentActualStartDate>
          <AssessmentInternalReviewDate>2024-04-10</AssessmentInternalReviewDate>
          <AssessmentAuthorisationDate>2024-05-01</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment>
            <AssessmentFactors>1B</AssessmentFactors><AssessmentFactors>24A</AssessmentFactors>
          </FactorsIdentifiedAtAssessment>
        </Assessments>
        <Assessments><AssessmentActualStartDate>2024-09-03</AssessmentActualStartDate></Assessments>
        <CINPlanDates><CINPlanStartDate>2024-05-02</CINPlanStartDate></CINPlanDates>
        <Section47>
          <S47ActualStartDate>2024-06-01</S47ActualStartDate><InitialCPCtarget>2024-06-21</InitialCPCtarget>
          <DateOfInitialCPC>2024-06-20</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired>
        </Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2024-06-20</CPPstartDate><CPPendDate>2024-12-01</CPPendDate>
          <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
          <NumberOfPreviousCPP>0</NumberOfPreviousCPP>
          <Reviews><CPPreviewDate>2024-09-10</CPPreviewDate><CPPreviewDate>2024-11-30</CPPreviewDate></Reviews>
        </ChildProtectionPlans>
      </CINdetails>
    </Child>"""
)

ROWS = {
    "ssd_person": """
        pers_person_id | pers_sex | pers_ethnicity | pers_dob   | pers_upn_unknown | pers_death_date
        007            | F        | WBRI           | 2012-05-06 | UN1              | 2025-03-01
    """,
    "ssd_disability": """
        disa_person_id | disa_disability_code
        007            | AUT
        007            | LD
    """,
    "ssd_cin_episodes": """
        cine_referral_id | cine_person_id | cine_referral_date | cine_referral_source_code | cine_cin_primary_need_code
        007-r1           | 007            | 2024-04-02         | 6                         | N1
    """,
    "ssd_cin_assessments": """
        cina_assessment_id | cina_referral_id | cina_assessment_start_date | cina_assessment_auth_date
        007-r1-a1          | 007-r1           | 2024-04-03                 | 2024-05-01
        007-r1-a2          | 007-r1           | 2024-09-03                 |
    """,
    "ssd_assessment_factors": """
        cinf_assessment_id | cinf_assessment_factors_json
        007-r1-a1          | ["1B", "24A"]
    """,
    "ssd_cin_plans": """
        cinp_cin_plan_id | cinp_person_id | cinp_referral_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        007-r1-n1        | 007            | 007-r1           | 2024-05-02               |
    """,
    "ssd_s47_enquiry": """
        s47e_s47_enquiry_id | s47e_person_id | s47e_referral_id | s47e_s47_start_date | s47e_s47_end_date
        007-r1-e1           | 007            | 007-r1           | 2024-06-01          |
    """,
    "ssd_initial_cp_conference": """
        icpc_icpc_id | icpc_person_id | icpc_s47_enquiry_id | icpc_icpc_target_date | icpc_icpc_date
        007-r1-e1-c  | 007            | 007-r1-e1           | 2024-06-21            | 2024-06-20
    """,
    "ssd_cp_plans": """
        cppl_cp_plan_id | cppl_cp_plan_start_date | cppl_cp_plan_initial_category | cppl_cp_plan_latest_category
        007-r1-p1       | 2024-06-20              | NEG                           | EMO
    """,
    "ssd_cp_reviews": """
        cppr_cp_review_id | cppr_person_id | cppr_cp_plan_id | cppr_cp_review_date
        007-r1-p1-v1      | 007            | 007-r1-p1       | 2024-09-10
        007-r1-p1-v2      | 007            | 007-r1-p1       | 2024-11-30
    """,
}  # fmt: skip


ENDINGS = {
    "ssd_cin_episodes": """
        cine_close_date | cine_close_reason | cine_referral_nfa
        2024-12-31      | RC7               | 0
    """,
    "ssd_cp_plans": """
        cppl_person_id | cppl_referral_id | cppl_cp_plan_end_date
        007            | 007-r1           | 2024-12-01
    """,
}


@pytest.mark.parametrize(("name", "drawing"), [*ROWS.items(), *ENDINGS.items()])
def test_every_part_of_a_childs_record_becomes_rows_of_its_table(tmp_path: Path, name: str, drawing: str) -> None:
    assert_rows(read(tmp_path, WHOLE), name, drawing)


def test_the_reference_date_is_the_extracts_day(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE).extract_day == date(2025, 3, 31)


def test_a_census_without_a_header_says_no_day_and_tells_so(tmp_path: Path) -> None:
    raw = read(tmp_path, document(child("<CINdetails/>"), header=""))
    assert (raw.extract_day, raw.problems) == (None, ())


def test_a_reference_date_that_stands_for_none_is_none(tmp_path: Path) -> None:
    raw = read(tmp_path, document(child(""), header=HEADER.replace("2025-03-31", "9999-12-31")))
    assert raw.extract_day is None
    assert any("no reference date" in said for said in raw.told)


def test_every_table_that_a_census_can_hold_is_there_with_the_columns_that_contracts_require(tmp_path: Path) -> None:
    raw = read(tmp_path, document(child("")))
    assert raw.can_hold == set(raw.tables) == set(ROWS)
    for name, frame in raw.tables.items():
        required = {column for column, stated in columns_of(CONTRACTS[name]).items() if stated.is_required}
        assert required <= set(frame.columns), name


def test_every_table_comes_with_the_hash_of_the_file(tmp_path: Path) -> None:
    raw = read(tmp_path, WHOLE)
    assert set(raw.hashes) == set(raw.tables)
    assert {len(digest) for digest in raw.hashes.values()} == {64}


@pytest.mark.parametrize("element", ["Sex", "PersonSex", "GenderCurrent", "PersonGenderCurrent"])
def test_sex_is_read_under_the_name_of_every_collection(tmp_path: Path, element: str) -> None:
    identifiers = f"<ChildIdentifiers><LAchildID>7</LAchildID><{element}>2</{element}></ChildIdentifiers>"
    raw = read(tmp_path, document(child("", identifiers=identifiers)))
    assert_rows(raw, "ssd_person", "pers_person_id | pers_sex\n7 | 2")


def test_elements_are_known_by_their_local_names_in_any_namespace(tmp_path: Path) -> None:
    prefixed = re.sub(r"<(/?)(\w)", r"<\1c:\2", WHOLE)
    raw = read(tmp_path, prefixed.replace("<c:Message>", '<c:Message xmlns:c="urn:census">'))
    assert_rows(raw, "ssd_cp_reviews", ROWS["ssd_cp_reviews"])


def test_an_unborn_child_has_an_expected_day(tmp_path: Path) -> None:
    day = "<ExpectedPersonBirthDate>2025-06-01</ExpectedPersonBirthDate>"
    identifiers = f"<ChildIdentifiers><LAchildID>7</LAchildID>{day}</ChildIdentifiers>"
    raw = read(tmp_path, document(child("", identifiers=identifiers)))
    assert_rows(raw, "ssd_person", "pers_person_id | pers_dob | pers_expected_dob\n7 | | 2025-06-01")


REFERRAL = "<CINdetails><CINreferralDate>{day}</CINreferralDate></CINdetails>"


def test_referrals_of_a_child_are_counted_wherever_they_stand_in_the_file(tmp_path: Path) -> None:
    first, second, third = (REFERRAL.format(day=f"2024-0{n}-01") for n in (1, 2, 3))
    raw = read(tmp_path, document(child(first + second), child(third)))
    drawing = """
        cine_referral_id | cine_referral_date
        007-r1           | 2024-01-01
        007-r2           | 2024-02-01
        007-r3           | 2024-03-01
    """
    assert_rows(raw, "ssd_cin_episodes", drawing)


@pytest.mark.parametrize("nothing", ["", "<FactorsIdentifiedAtAssessment/>"])
def test_an_assessment_without_factors_has_no_row_of_them(tmp_path: Path, nothing: str) -> None:
    raw = read(tmp_path, document(child(f"<CINdetails><Assessments>{nothing}</Assessments></CINdetails>")))
    assert raw.tables["ssd_assessment_factors"].is_empty()


ENQUIRY = (
    "<CINdetails>{before}<Section47><S47ActualStartDate>2024-06-01</S47ActualStartDate>{said}</Section47></CINdetails>"
)
TARGET = "<InitialCPCtarget>2024-06-21</InitialCPCtarget>"
HELD = "<DateOfInitialCPC>2024-06-20</DateOfInitialCPC>"
NOT_REQUIRED = "<ICPCnotRequired>1</ICPCnotRequired>"
CONFERENCES = [
    ("", "", ""),
    ("", TARGET, "007-r1-e1-c | 007-r1-e1 |"),
    ("", HELD, "007-r1-e1-c | 007-r1-e1 | 2024-06-20"),
    ("", TARGET + NOT_REQUIRED, ""),
    ("", TARGET + NOT_REQUIRED.replace("1", "true"), ""),
    ("", HELD + NOT_REQUIRED, ""),
    (HELD, "", "007-r1-c | | 2024-06-20"),
    (HELD, HELD, "007-r1-e1-c | 007-r1-e1 | 2024-06-20"),
    (HELD, HELD + NOT_REQUIRED, "007-r1-c | | 2024-06-20"),
]


@pytest.mark.parametrize(("before", "said", "row"), CONFERENCES)
def test_a_conference_is_one_that_has_a_day_or_a_target_and_is_not_said_to_be_needless(
    tmp_path: Path, before: str, said: str, row: str
) -> None:
    raw = read(tmp_path, document(child(ENQUIRY.format(before=before, said=said))))
    drawing = f"icpc_icpc_id | icpc_s47_enquiry_id | icpc_icpc_date\n{row}"
    assert_rows(raw, "ssd_initial_cp_conference", drawing)


def test_a_conference_that_was_held_and_needless_is_told(tmp_path: Path) -> None:
    raw = read(tmp_path, document(child(ENQUIRY.format(before="", said=HELD + NOT_REQUIRED))))
    assert [said for said in raw.told if said.startswith("1 enquiry(ies)")] != []


def test_pre_proceedings_of_2026_are_left_out_and_counted(tmp_path: Path) -> None:
    block = "<PreProceedingsandFGDM><PPStartDate>2026-01-05</PPStartDate></PreProceedingsandFGDM>"
    told = read(tmp_path, document(child(f"<CINdetails>{block}{block}</CINdetails>"))).told
    assert [said.partition(":")[0] for said in told] == [
        "2 record(s) of pre-proceedings and family group decision making were left out"
    ]


def test_an_element_that_no_collection_has_is_counted_and_never_named(tmp_path: Path) -> None:
    told = read(tmp_path, document(child("<CINdetails><Zoe>2024-01-01</Zoe></CINdetails>"))).told
    assert told == ("1 element(s) that no collection up to 2026 has were left out.",)


def test_a_child_without_an_id_keeps_rows_that_belong_to_nobody(tmp_path: Path) -> None:
    raw = read(tmp_path, document(child(REFERRAL.format(day="2024-01-01"), identifiers="")))
    assert_rows(raw, "ssd_cin_episodes", "cine_referral_id | cine_person_id\n#1-r1 |")
    assert raw.told == ("1 child(ren) have no LAchildID; their rows cannot be joined and are set aside.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_in_use_is_read(tmp_path: Path, encoding: str) -> None:
    said = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(encoding, encoding)
    text = document(child("", identifiers=IDENTIFIERS.replace("007", "Zoë")))
    raw = read(tmp_path, text.replace("?>", f' encoding="{said}"?>', 1).encode(encoding))
    assert_rows(raw, "ssd_person", "pers_person_id\nZoë")


LAUGHS = '<!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
FETCHES = '<!DOCTYPE Message SYSTEM "other.dtd">'
REFUSED = {
    "is empty": "",
    "is not well-formed XML": WHOLE[:900],
    "is not well-formed XML at line 1": b"\x00\x01\x02binary",
    "declares entities": LAUGHS + document(child("")),
    "declares entities or a document type": FETCHES + document(child("")),
    "outermost element is not Message": "<html><Child/></html>",
    "holds no child": document(),
    "return of another collection": document(child(""), header=HEADER.replace("CIN", "CLA")),
    "nests elements more than 32 deep": document("<Child>" + "<a>" * 40),
    "encoding that cannot be read": document(child("")).replace("?>", ' encoding="klingon"?>', 1),
    "goes on for more than 4 MB": document("<Child><LAchildID>" + "7" * (MOST_BYTES_OF_A_CHILD + 600_000)),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason_and_nothing_of_it_is_kept(
    tmp_path: Path, reason: str
) -> None:
    raw = read(tmp_path, REFUSED[reason])
    assert (len(raw.problems), dict(raw.tables), raw.told, raw.extract_day) == (1, {}, (), None)
    assert reason in raw.problems[0]


def test_a_file_that_is_not_there_is_a_problem_too(tmp_path: Path) -> None:
    assert read_cin_census(tmp_path / "gone.xml").problems == (
        "gone.xml: the file cannot be opened (FileNotFoundError)",
    )


HEADS = {
    WHOLE[:200]: True,
    LAUGHS + document(child("")): True,
    '<c:Message xmlns:c="u"><c:Children><c:Child><c:ChildIdentifiers>': True,
    document(header=HEADER.replace("CIN", "CLA")): False,
    "<html><p>Message CINdetails</p></html>": False,
    "LAchildID,CINdetails,<Message>": False,
    "": False,
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_census_is_told_by_its_content(head: str, encoding: str) -> None:
    assert looks_like_cin_census(head.encode(encoding)) is HEADS[head]
