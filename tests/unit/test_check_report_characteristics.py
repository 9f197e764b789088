"""For whom a characteristic is not recorded, by year, stage and team, with intervals; nothing of fewer than five."""

from __future__ import annotations

from typing import Any

import pytest

from features.check.small_numbers import interval, withheld
from tests.drawn_reports import checked, contacts, people, report_of

KNOWN, REFUSED = "2015-01-01 | F | WBRI", "2015-01-01 | F | REFU"
WITHHELD = {"suppressed": True}


def ethnicity(report: dict[str, Any], part: str) -> list[dict[str, Any]]:
    """Give the entries of ethnicity in a part of the section."""
    return [entry for entry in report["characteristics"][part] if entry["characteristic"] == "ethnicity"]


def early_help(*rows: tuple[str, str]) -> str:
    """Draw early help that began in May 2024 and goes on: whose, and by which organisation."""
    drawn = [f"{i} | {child} | 2024-05-01 | {team}" for i, (child, team) in enumerate(rows)]
    return "\n".join(["earl_episode_id | earl_person_id | earl_episode_start_date | earl_episode_organisation", *drawn])


def test_missing_ethnicity_is_told_with_its_count_share_and_interval() -> None:
    (now,) = ethnicity(report_of(ssd_person=people((10, "K", KNOWN), (90, "M", REFUSED))), "now")
    low, high = interval(90, 100)
    told = {"n_missing": 90, "n_children": 100, "share": 0.9, "low": low, "high": high}
    assert now == {"characteristic": "ethnicity", **told}


def test_a_disability_of_which_nobody_knew_is_not_recorded() -> None:
    codes = [f"C{i} | {'NONE' if i < 6 else 'AUT' if i < 12 else 'NOBT'}" for i in range(20)]
    drawn = "\n".join(["disa_person_id | disa_disability_code", *codes])
    now = report_of(ssd_person=people((20, "C", KNOWN)), ssd_disability=drawn)["characteristics"]["now"]
    (told,) = [entry for entry in now if entry["characteristic"] == "disability, or that there is none"]
    assert (told["n_missing"], told["n_children"]) == (8, 20)


@pytest.mark.parametrize(("n_known", "n_missing"), [(10, 4), (4, 10), (10, 1)])
def test_fewer_than_five_children_are_not_told_apart(n_known: int, n_missing: int) -> None:
    (now,) = ethnicity(report_of(ssd_person=people((n_known, "K", KNOWN), (n_missing, "M", REFUSED))), "now")
    assert now == {"characteristic": "ethnicity", **WITHHELD}


def test_grown_ups_are_not_counted_as_children() -> None:
    drawn = people((6, "C", KNOWN), (7, "A", "1990-01-01 | F | REFU"))
    assert ethnicity(report_of(ssd_person=drawn), "now")[0]["n_children"] == 6


def test_a_child_counts_once_a_year_at_the_highest_stage() -> None:
    ids = [f"C{i}" for i in range(6)] + [f"D{i}" for i in range(9)]
    report = report_of(
        ssd_person=people((6, "C", KNOWN), (9, "D", REFUSED)),
        ssd_contacts=contacts(*((child, "2024-04-20") for child in ids)),
        ssd_early_help_episodes=early_help(*((child, "hub") for child in ids[:6])),
    )
    sizes = {(e["year"], e["stage"]): e["n_children"] for e in ethnicity(report, "by_stage")}
    assert sizes == {("2024-25", "contact"): 9, ("2024-25", "early help"): 6}


def test_help_counts_in_every_year_in_which_it_lasted() -> None:
    lasting = early_help(*((f"C{i}", "hub") for i in range(6))).replace("2024-05-01", "2022-05-01")
    report = report_of(ssd_person=people((6, "C", KNOWN)), ssd_early_help_episodes=lasting)
    assert [entry["year"] for entry in ethnicity(report, "by_year")] == ["2022-23", "2023-24", "2024-25"]


def test_one_small_stage_takes_the_next_smallest_with_it() -> None:
    seen = [(f"C{i}", "2024-04-20") for i in range(30)]
    report = report_of(
        ssd_person=people((30, "C", KNOWN)),
        ssd_contacts=contacts(*seen),
        ssd_early_help_episodes=early_help(*((f"C{i}", "hub") for i in range(10))),
        ssd_cp_plans="cppl_person_id | cppl_cp_plan_start_date\n" + "\n".join(f"C{i} | 2024-06-01" for i in range(3)),
    )
    told = {entry["stage"]: entry.get("n_children") for entry in ethnicity(report, "by_stage")}
    assert told == {"contact": 20, "early help": None, "child protection plan": None}


def test_a_few_missing_in_one_group_withhold_the_share_of_another() -> None:
    missing = people((40, "C", KNOWN), (3, "M", REFUSED), (20, "N", REFUSED))
    ids = [*(f"C{i}" for i in range(40)), *(f"M{i}" for i in range(3)), *(f"N{i}" for i in range(20))]
    helped = early_help(*((child, "hub") for child in ids[20:43]))
    report = report_of(
        ssd_person=missing, ssd_contacts=contacts(*((c, "2024-04-20") for c in ids)), ssd_early_help_episodes=helped
    )
    assert [{**entry, "characteristic": None} for entry in ethnicity(report, "by_stage")] == [
        {"characteristic": None, "year": "2024-25", "stage": "contact", **WITHHELD, "n_children": 40},
        {"characteristic": None, "year": "2024-25", "stage": "early help", **WITHHELD, "n_children": 23},
    ]


def test_teams_are_numbered_by_size_and_named_in_the_key_alone() -> None:
    teams = early_help(*((f"C{i}", "larkspur" if i < 9 else "bramble") for i in range(16)))
    both = checked(ssd_person=people((16, "C", KNOWN)), ssd_early_help_episodes=teams)
    assert [(entry["team"], entry["n_children"]) for entry in ethnicity(both.report, "by_team")] == [
        ("team 1", 9),
        ("team 2", 7),
    ]
    assert both.team_key.rows() == [("team 1", "larkspur"), ("team 2", "bramble")]
    assert "larkspur" not in str(both.report)


def test_what_the_source_or_the_standard_lacks_is_said() -> None:
    section = report_of(ssd_person=people((6, "C", KNOWN)))["characteristics"]
    assert {entry["characteristic"]: entry["absent_table"] for entry in section["not_told"]} == {
        "postcode": "ssd_address",
        "disability, or that there is none": "ssd_disability",
    }
    assert section["not_in_the_standard"] == ["religion"]


def test_a_line_without_small_groups_is_shown_whole() -> None:
    assert withheld([(5,), (9,), (0,)]) == frozenset()


def test_what_is_withheld_together_is_no_small_number() -> None:
    # 3 and 0 together would still be 3: the 40 has to go too.
    assert withheld([(3, 7), (0, 20), (40, 40)]) == frozenset({0, 1, 2})


def test_a_withheld_group_cannot_be_worked_out_from_the_total() -> None:
    line = [(3,), (6,), (50,)]
    hidden = withheld(line)
    rest = sum(n for (n,) in line) - sum(n for place, (n,) in enumerate(line) if place not in hidden)
    assert len(hidden) == 2
    assert rest == 9


def test_a_group_whose_size_is_withheld_is_withheld_for_every_characteristic() -> None:
    # Of 3, 6 and 50 children 3, 0 and 2 lack ethnicity: 3 + 2 would be safe together, but 59 - 6 - 50 gives the 3.
    drawn = people((3, "P", REFUSED), (6, "E", KNOWN), (48, "K", KNOWN), (2, "M", REFUSED))
    ids = [f"{letter}{i}" for letter, n in (("P", 3), ("E", 6), ("K", 48), ("M", 2)) for i in range(n)]
    report = report_of(
        ssd_person=drawn,
        ssd_contacts=contacts(*((child, "2024-04-20") for child in ids)),
        ssd_early_help_episodes=early_help(*((f"E{i}", "hub") for i in range(6))),
        ssd_cp_plans="cppl_person_id | cppl_cp_plan_start_date\n" + "\n".join(f"P{i} | 2024-06-01" for i in range(3)),
    )
    told = {entry["stage"]: entry.get("n_children") for entry in ethnicity(report, "by_stage")}
    assert told == {"contact": 50, "early help": None, "child protection plan": None}


def test_one_group_alone_is_never_withheld_for_the_total_would_give_it_back() -> None:
    assert withheld([(10, 0), (20, 20)], already=frozenset({0})) == frozenset({0, 1})
