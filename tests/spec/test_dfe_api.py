"""What becomes of the DfE API's JSON: objects as a program writes them, and the rows of the standard's tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from features.sources.dfe_api.reading import looks_like_dfe_api, read_dfe_api
from features.sources.nested import MOST_BYTES_OF_A_CHILD
from features.tables import CONTRACTS, columns_of
from tests.drawing import table

if TYPE_CHECKING:
    from pathlib import Path

    from features.sources.raw import RawTables


def read(folder: Path, text: str | bytes) -> RawTables:
    path = folder / "sent.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_dfe_api(path)


def read_child(folder: Path, **said: Any) -> RawTables:
    return read(folder, json.dumps({"la_child_id": "007", **said}))


def assert_rows(raw: RawTables, name: str, drawing: str) -> None:
    """Compare the columns that are drawn, row by row."""
    drawn = table(drawing)
    assert raw.problems == ()
    assert raw.tables[name].select(drawn.columns).rows() == drawn.rows()


EPISODE = {
    "social_care_episode_id": "R1",
    "referral_date": "2024-04-02",
    "referral_source": "6",
    "referral_no_further_action_flag": False,
    "closure_date": "2025-01-31",
    "closure_reason": "RC7",
    "care_worker_details": [
        {"worker_id": "W1", "start_date": "2024-04-02", "end_date": "2024-06-01"},
        {"worker_id": "W2", "start_date": "2024-06-01"},
    ],
    "child_and_family_assessments": [
        {
            "child_and_family_assessment_id": "A1",
            "start_date": "2024-04-03",
            "authorisation_date": "2024-05-01",
            "factors": ["1B", "24A"],
        },
        {"child_and_family_assessment_id": "A2", "start_date": "2024-09-03", "factors": []},
        {"child_and_family_assessment_id": "A3", "start_date": "2024-12-03", "factors": None},
    ],
    "child_in_need_plans": [{"child_in_need_plan_id": "N1", "start_date": "2024-05-02", "end_date": "2024-06-20"}],
    "section_47_assessments": [
        {
            "section_47_assessment_id": "E1",
            "start_date": "2024-06-01",
            "icpc_required_flag": True,
            "icpc_date": "2024-06-20",
            "end_date": "2024-06-15",
        },
        {"section_47_assessment_id": "E2", "start_date": "2024-10-01", "icpc_required_flag": False},
        {"section_47_assessment_id": "E3", "start_date": "2024-11-01"},
    ],
    "child_protection_plans": [
        {"child_protection_plan_id": "P1", "start_date": "2024-06-20", "end_date": "2024-12-01"}
    ],
    "child_looked_after_placements": [
        {
            "child_looked_after_placement_id": "L1",
            "start_date": "2024-07-01",
            "start_reason": "S",
            "placement_type": "U4",
            "postcode": "AB1 2CD",
            "end_date": "2024-08-01",
            "end_reason": "X1",
            "change_reason": "PLACE",
        }
    ],
    "adoption": {"initial_decision_date": "2024-09-01", "matched_date": "2024-10-01", "placed_date": None},
    "care_leavers": {"contact_date": "2025-01-20", "activity": "F1", "accommodation": "B"},
}
CHILD = {
    "la_child_id": "007",
    "mis_child_id": "M9",
    "child_details": {
        "first_name": "Zoë",
        "date_of_birth": "2008-05-06",
        "sex": "F",
        "ethnicity": "WBRI",
        "disabilities": ["AUT", "LD"],
        "unique_pupil_number_unknown_reason": "UN1",
        "postcode": "AB1 2CD",
        "uasc_flag": True,
    },
    "health_and_wellbeing": {
        "sdq_assessments": [{"date": "2024-03-01", "score": "12"}, {"date": "2025-01-01", "score": 9}]
    },
    "social_care_episodes": [EPISODE],
}

ROWS = [
    (
        "ssd_person",
        """
        pers_person_id | pers_sex | pers_ethnicity | pers_dob   | pers_expected_dob | pers_upn_unknown
        007            | F        | WBRI           | 2008-05-06 |                   | UN1
        """,
    ),
    (
        "ssd_disability",
        """
        disa_person_id | disa_disability_code
        007            | AUT
        007            | LD
        """,
    ),
    (
        "ssd_sdq_scores",
        """
        csdq_person_id | csdq_sdq_completed_date | csdq_sdq_score
        007            | 2024-03-01              | 12
        007            | 2025-01-01              | 9
        """,
    ),
    (
        "ssd_cin_episodes",
        """
        cine_referral_id | cine_person_id | cine_referral_date | cine_referral_source_code | cine_referral_nfa
        R1               | 007            | 2024-04-02         | 6                         | false
        """,
    ),
    (
        "ssd_cin_episodes",
        """
        cine_close_date | cine_close_reason
        2025-01-31      | RC7
        """,
    ),
    (
        "ssd_involvements",
        """
        invo_involvements_id | invo_professional_id | invo_involvement_start_date | invo_involvement_end_date
        R1-w1                | W1                   | 2024-04-02                  | 2024-06-01
        R1-w2                | W2                   | 2024-06-01                  |
        """,
    ),
    (
        "ssd_involvements",
        """
        invo_involvements_id | invo_person_id | invo_referral_id
        R1-w1                | 007            | R1
        R1-w2                | 007            | R1
        """,
    ),
    (
        "ssd_cin_assessments",
        """
        cina_assessment_id | cina_person_id | cina_referral_id | cina_assessment_start_date | cina_assessment_auth_date
        A1                 | 007            | R1               | 2024-04-03                 | 2024-05-01
        A2                 | 007            | R1               | 2024-09-03                 |
        A3                 | 007            | R1               | 2024-12-03                 |
        """,
    ),
    (
        "ssd_assessment_factors",
        """
        cinf_assessment_id | cinf_assessment_factors_json
        A1                 | ["1B", "24A"]
        A2                 | []
        """,
    ),
    (
        "ssd_cin_plans",
        """
        cinp_cin_plan_id | cinp_person_id | cinp_referral_id | cinp_cin_plan_start_date | cinp_cin_plan_end_date
        N1               | 007            | R1               | 2024-05-02               | 2024-06-20
        """,
    ),
    (
        "ssd_s47_enquiry",
        """
        s47e_s47_enquiry_id | s47e_referral_id | s47e_s47_start_date | s47e_s47_end_date | s47e_s47_outcome_json
        E1                  | R1               | 2024-06-01          | 2024-06-15        | {"CP_CONFERENCE_FLAG": "Y"}
        E2                  | R1               | 2024-10-01          |                   | {"CP_CONFERENCE_FLAG": "N"}
        E3                  | R1               | 2024-11-01          |                   |
        """,
    ),
    (
        "ssd_initial_cp_conference",
        """
        icpc_icpc_id | icpc_person_id | icpc_referral_id | icpc_s47_enquiry_id | icpc_icpc_date
        E1-c         | 007            | R1               | E1                  | 2024-06-20
        """,
    ),
    (
        "ssd_cp_plans",
        """
        cppl_cp_plan_id | cppl_person_id | cppl_referral_id | cppl_cp_plan_start_date | cppl_cp_plan_end_date
        P1              | 007            | R1               | 2024-06-20              | 2024-12-01
        """,
    ),
    (
        "ssd_cla_episodes",
        """
        clae_cla_episode_id | clae_person_id | clae_referral_id | clae_cla_placement_id | clae_cla_episode_start_date
        L1                  | 007            | R1               | L1                    | 2024-07-01
        """,
    ),
    (
        "ssd_cla_episodes",
        """
        clae_cla_episode_start_reason | clae_cla_episode_ceased_date | clae_cla_episode_ceased_reason
        S                             | 2024-08-01                   | X1
        """,
    ),
    (
        "ssd_cla_placement",
        """
        clap_cla_placement_id | clap_person_id | clap_cla_placement_start_date | clap_cla_placement_end_date
        L1                    | 007            | 2024-07-01                    | 2024-08-01
        """,
    ),
    (
        "ssd_cla_placement",
        """
        clap_cla_placement_type | clap_cla_placement_postcode | clap_cla_placement_change_reason
        U4                      | AB1 2CD                     | PLACE
        """,
    ),
    (
        "ssd_permanence",
        """
        perm_table_id | perm_person_id | perm_adm_decision_date | perm_matched_date | perm_placed_for_adoption_date
        R1-o1         | 007            | 2024-09-01             | 2024-10-01        |
        """,
    ),
    (
        "ssd_care_leavers",
        """
        clea_table_id | clea_care_leaver_latest_contact | clea_care_leaver_activity | clea_care_leaver_accommodation
        R1-c1         | 2025-01-20                      | F1                        | B
        """,
    ),
]


@pytest.mark.parametrize(("name", "drawing"), ROWS)
def test_every_part_of_a_childs_object_becomes_rows_of_its_table(tmp_path: Path, name: str, drawing: str) -> None:
    assert_rows(read(tmp_path, json.dumps(CHILD)), name, drawing)


ONE, TWO = '{"la_child_id": "1"}', '{"la_child_id": "2"}'
ARRANGEMENTS = {
    "one object": '{\n  "la_child_id": "1"\n}',
    "lines": f"{ONE}\n{TWO}\n",
    "a list": f"[{ONE}, {TWO}]",
    "an envelope": f'{{"la_code": 111, "children": [{ONE}, {TWO}]}}',
    "an envelope whose code comes last": f'{{"children": [{ONE}, {TWO}], "la_code": 111}}',
    "envelopes on lines": f'{{"children": [{ONE}]}}\n{{"children": [{TWO}]}}',
    "envelopes in a list": f'[{{"children": [{ONE}]}}, {{"children": [{TWO}]}}]',
    "a byte order mark": f"\ufeff[{ONE}, {TWO}]",
}


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_children_are_read_in_every_arrangement(tmp_path: Path, arrangement: str) -> None:
    drawing = "pers_person_id\n1" if arrangement == "one object" else "pers_person_id\n1\n2"
    assert_rows(read(tmp_path, ARRANGEMENTS[arrangement]), "ssd_person", drawing)


def test_a_list_called_children_inside_a_child_is_no_envelope(tmp_path: Path) -> None:
    raw = read(tmp_path, json.dumps([{**CHILD, "child_details": {"children": [{"la_child_id": "8"}]}}]))
    assert_rows(raw, "ssd_person", "pers_person_id\n007")


def test_every_table_that_the_api_can_hold_is_there_with_the_columns_that_contracts_require(tmp_path: Path) -> None:
    raw = read_child(tmp_path)
    assert raw.can_hold == set(raw.tables) == {name for name, _ in ROWS}
    for name, frame in raw.tables.items():
        required = {column for column, stated in columns_of(CONTRACTS[name]).items() if stated.is_required}
        assert required <= set(frame.columns), name


def test_records_without_an_id_get_one_that_is_made_from_what_stands_above(tmp_path: Path) -> None:
    plan = {"start_date": "2024-05-02"}
    raw = read_child(tmp_path, social_care_episodes=[{}, {"child_in_need_plans": [plan, plan]}])
    drawing = """
        cinp_cin_plan_id | cinp_referral_id
        007-r2-n1        | 007-r2
        007-r2-n2        | 007-r2
    """
    assert_rows(raw, "ssd_cin_plans", drawing)


def test_a_child_who_is_to_be_purged_is_not_read(tmp_path: Path) -> None:
    raw = read(tmp_path, json.dumps([{**CHILD, "purge": True}, {"la_child_id": "1", "purge": False}]))
    assert_rows(raw, "ssd_person", "pers_person_id\n1")
    assert raw.tables["ssd_cin_episodes"].is_empty()
    assert raw.told == ("1 record(s) are marked to be purged; neither they nor what stands under them was read.",)


def test_anything_under_a_child_can_be_purged_alone(tmp_path: Path) -> None:
    episodes = [{"social_care_episode_id": "R1", "purge": True}, {"social_care_episode_id": "R2"}]
    raw = read_child(tmp_path, social_care_episodes=episodes)
    assert_rows(raw, "ssd_cin_episodes", "cine_referral_id\nR2")


def test_a_conference_that_was_held_and_needless_is_told_and_not_read(tmp_path: Path) -> None:
    enquiry = {"icpc_required_flag": False, "icpc_date": "2024-06-20"}
    raw = read_child(tmp_path, social_care_episodes=[{"section_47_assessments": [enquiry]}])
    assert raw.tables["ssd_initial_cp_conference"].is_empty()
    assert [said for said in raw.told if said.startswith("1 enquiry(ies)")] != []


@pytest.mark.parametrize("nothing", [{}, {"contact_date": None, "activity": ""}, None, []])
def test_an_object_with_nothing_in_it_tells_of_no_care_leaver(tmp_path: Path, nothing: Any) -> None:
    raw = read_child(tmp_path, social_care_episodes=[{"care_leavers": nothing}])
    assert raw.tables["ssd_care_leavers"].is_empty()


def test_what_is_no_record_or_no_value_is_left_out_and_counted(tmp_path: Path) -> None:
    raw = read_child(tmp_path, social_care_episodes=["R1", {"referral_date": ["2024-01-01"]}])
    assert_rows(raw, "ssd_cin_episodes", "cine_referral_id | cine_referral_date\n007-r1 |")
    assert raw.told == (
        "1 entry(ies) stand where a record should and are none; they were left out.",
        "1 list(s) or object(s) stand where one value should; the value is missing.",
    )


def test_a_child_without_an_id_keeps_rows_that_belong_to_nobody(tmp_path: Path) -> None:
    raw = read(tmp_path, json.dumps({"social_care_episodes": [{}]}))
    assert_rows(raw, "ssd_cin_episodes", "cine_referral_id | cine_person_id\n#1-r1 |")


REFUSED = {
    "is empty": "",
    "is not JSON": f"[{ONE}, {TWO}",
    "is not JSON in UTF-8": f"{ONE}\n".encode("utf-16"),
    "was it cut off?": f'{ONE}\n{{"la_child_id"',
    "from its beginning to its end": f"[{ONE}] and more",
    "beginning to its end": b"\x00\x01\x02binary",
    "JSON in UTF-8 from": f'[{{"la_child_id": {"1" * 5_000}}}]',
    "holds no child": '{"type": "FeatureCollection", "features": []}',
    "is JSON, but holds no child": "[]",
    "nests more than 32 deep": '{"la_child_id": ' + "[" * 100_000,
    "goes on for more than 4 MB": '[{"la_child_id": "' + "7" * (MOST_BYTES_OF_A_CHILD + 600_000),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason_and_nothing_of_it_is_kept(
    tmp_path: Path, reason: str
) -> None:
    raw = read(tmp_path, REFUSED[reason])
    assert (len(raw.problems), dict(raw.tables), raw.told, raw.extract_day) == (1, {}, (), None)
    assert reason in raw.problems[0]


HEADS = {
    json.dumps(CHILD)[:100]: True,
    ARRANGEMENTS["an envelope"]: True,
    ARRANGEMENTS["a list"]: True,
    ARRANGEMENTS["a byte order mark"]: True,
    '{"type": "FeatureCollection", "features": []}': False,
    'la_child_id,"la_child_id":': False,
    "": False,
}


@pytest.mark.parametrize("head", HEADS)
def test_such_a_file_is_told_by_its_content(head: str) -> None:
    assert looks_like_dfe_api(head.encode()) is HEADS[head]
