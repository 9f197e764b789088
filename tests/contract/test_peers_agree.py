"""Point values of the audit are those of fairlearn and of aequitas, to 1e-12, on random and on public-shaped tables.

Where a peer goes by another definition, a test says so in a sentence. Nothing is compared that a peer gets wrong by its
own definition, such as significance tests on predicted positives.
"""

from __future__ import annotations

import json
import math
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from training.audit import AuditSettings, audit_table
from training.audit.counts.measures import rates_of
from training.audit.intake import take_in
from training.audit.measuring import measure_groups
from training.audit.settings import RATES

PEERS = ".venv-peers/bin/python"
ROOT = Path(__file__).parents[2]
MISSING = "(no group)"
EXACT = 1e-12
ON_SCORES = ("auc", "average_precision", "brier")
OF_AEQUITAS = tuple(RATES)
OF_FAIRLEARN = (*RATES, *ON_SCORES)
# Of each, the rate whose numerator it is.
COUNTS = {"tp": "tpr", "fp": "fpr", "fn": "fnr", "tn": "tnr"}

# Published by ProPublica (2016), by race: flagged and recidivated, flagged and not, recidivated alone, neither.
COMPAS = {"African-American": (1369, 805, 532, 990), "Caucasian": (505, 349, 461, 1139), "other": (161, 128, 223, 552)}
# Of the 32,561 rows of Adult (UCI, 1996): with an income over 50,000 and all, by race.
ADULT = {
    "White": (7117, 27816),
    "Black": (387, 3124),
    "Asian-Pac-Islander": (276, 1039),
    "Amer-Indian-Eskimo": (36, 311),
    "Other": (25, 271),
}


class Case(NamedTuple):
    """A table of `outcome`, `score` and characteristics, and where its flags begin."""

    table: pl.DataFrame
    threshold: float

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(name for name in self.table.columns if name not in ("outcome", "score"))

    def without(self, attribute: str) -> Case:
        return self._replace(table=self.table.drop(attribute))


def drawn(seed: int, *, points: int) -> Case:
    """Draw groups of very unequal size, some missing, one where nobody is a positive; scores are whole points."""
    numbers, rows = np.random.default_rng(seed), 900
    size = numbers.choice(["most", "some", "few", "none come true", None], rows, p=[0.8, 0.1, 0.03, 0.03, 0.04])
    outcome = (numbers.random(rows) < 0.3) & (size != "none come true")
    score = np.clip(numbers.normal(0.3 + 0.2 * outcome, 0.2), 0, 1)
    table = {
        "outcome": outcome.astype(int),
        "score": np.round(score * 40) * points / 40,
        "size": size,
        "place": numbers.choice(["north", "east", "south", None], rows, p=[0.5, 0.3, 0.15, 0.05]),
    }
    return Case(pl.DataFrame(table, strict=False), threshold=points * 0.4)


def compas() -> Case:
    """Lay out the published counts, with scores in ten steps; sexes are invented."""
    numbers, rows = np.random.default_rng(0), []
    for race, (tp, fp, fn, tn) in COMPAS.items():
        for outcome, lowest, count in ((1, 5, tp), (0, 5, fp), (1, 1, fn), (0, 1, tn)):
            steps = numbers.integers(lowest, 11 if lowest == 5 else 5, count)
            rows.append(pl.DataFrame({"score": steps}).with_columns(outcome=pl.lit(outcome), race=pl.lit(race)))
    table = pl.concat(rows)
    return Case(table.with_columns(sex=pl.Series(numbers.choice(["female", "male"], table.height))), threshold=5)


def adult() -> Case:
    """Lay out the published counts by race; scores are invented."""
    numbers = np.random.default_rng(0)
    race = np.repeat(list(ADULT), [rows for _, rows in ADULT.values()])
    outcome = np.concatenate([np.arange(rows) < over for over, rows in ADULT.values()]).astype(int)
    score = numbers.beta(1 + outcome, 3 - outcome).round(3)
    return Case(pl.DataFrame({"outcome": outcome, "score": score, "race": race}), threshold=0.5)


CASES = {
    "drawn 1": drawn(1, points=1),
    "drawn 2, on points": drawn(2, points=40).without("place"),
    "as COMPAS": compas(),
    "as Adult": adult(),
}
# Those of which curves are compared, at every threshold.
CURVES = ("drawn 1", "drawn 2, on points")
every_case = pytest.mark.parametrize("case", CASES)
pytestmark = pytest.mark.needs(PEERS)


@pytest.fixture(scope="module")
def peers() -> dict[str, Any]:
    """Ask both peers about every case, in one process of their environment."""
    asked = {
        name: {
            "outcome": case.table["outcome"].to_list(),
            "score": case.table["score"].to_list(),
            "groups": {attribute: case.table[attribute].to_list() for attribute in case.attributes},
            "threshold": case.threshold,
            "thresholds": thresholds_of(case) if name in CURVES else [],
            "missing": MISSING,
        }
        for name, case in CASES.items()
    }
    words = [PEERS, "-W", "ignore", "tests/peers_measure.py"]
    ran = subprocess.run(words, cwd=ROOT, input=json.dumps(asked), capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.fixture(scope="module")
def ours() -> dict[str, dict[str, Any]]:
    return {name: audited(case) for name, case in CASES.items()}


def asked_of(case: Case, **settings: Any) -> AuditSettings:
    usual = {"outcome": "outcome", "score": "score", "groups": case.attributes, "threshold": case.threshold}
    return AuditSettings(**{**usual, "intersections": 2, **settings})


def audited(case: Case, **settings: Any) -> dict[str, Any]:
    return audit_table(case.table, asked_of(case, **settings)).as_json()


def thresholds_of(case: Case) -> list[float]:
    found: list[float] = take_in(case.table, asked_of(case)).thresholds.tolist()
    return found


def known(audit: dict[str, Any], attribute: str) -> dict[str, dict[str, Any]]:
    """Give entries of one characteristic, or of a pair, by the peers' name of the group."""
    found = [entry for entry in (*audit["groups"], *audit["intersections"]) if entry["attribute"] == attribute]
    values = [entry.get("values", [entry["group"]]) for entry in found]
    return {
        "*".join(MISSING if v is None else v for v in each): entry for each, entry in zip(values, found, strict=True)
    }


def entries(audit: dict[str, Any], attribute: str) -> dict[str, dict[str, Any]]:
    """Give those of `known` that are not withheld."""
    return {name: entry for name, entry in known(audit, attribute).items() if entry["n"] is not None}


def apart(audit: dict[str, Any], peer: dict[str, Any], measures: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
    """Give the values that differ, by characteristic, group and measure, of those that we have a number for."""
    return {
        (attribute, group, measure): (entry[measure], theirs[group][measure])
        for attribute, theirs in peer.items()
        for group, entry in entries(audit, attribute).items()
        for measure in measures
        if measure in theirs[group] and "value" in entry[measure]
        if not abs(entry[measure]["value"] - theirs[group][measure]) <= EXACT
    }


def tables_of(peer: dict[str, Any]) -> dict[str, Any]:
    return {attribute: found["by_group"] for attribute, found in peer.items()}


@every_case
def test_every_measure_of_every_group_and_pair_is_that_of_fairlearn(case, ours, peers):
    assert apart(ours[case], tables_of(peers[case]["fairlearn"]), OF_FAIRLEARN) == {}


@every_case
def test_every_measure_of_every_group_and_pair_is_that_of_aequitas(case, ours, peers):
    assert apart(ours[case], peers[case]["aequitas"], OF_AEQUITAS) == {}


@pytest.mark.parametrize("case", CURVES)
def test_every_rate_at_every_threshold_of_the_curves_is_that_of_aequitas(case, peers):
    asked = asked_of(CASES[case])
    measured = measure_groups(take_in(CASES[case].table, asked), asked)
    groups = [group for group in measured.singles if group.attributes == CASES[case].attributes[:1]]
    assert len(peers[case]["at_thresholds"]) > 15
    for at, theirs in enumerate(peers[case]["at_thresholds"]):
        for group in groups:
            values = {rate: rates_of(group.counts, rate).figures(0.95)[0][0, at] for rate in RATES}
            found = theirs[group.values[0] or MISSING]
            assert values == {r: pytest.approx(found[r], abs=EXACT, rel=0, nan_ok=True) for r in RATES}


@every_case
def test_the_measures_of_everybody_are_those_of_fairlearn(case, ours, peers):
    theirs = next(iter(peers[case]["fairlearn"].values()))["overall"]
    figures = {m: ours[case]["overall"][m] for m in OF_FAIRLEARN if m in theirs}
    assert {m: figure["value"] for m, figure in figures.items()} == {
        m: pytest.approx(theirs[m], abs=EXACT, rel=0) for m in figures
    }


@every_case
def test_every_count_of_every_group_and_pair_is_that_of_aequitas(case, ours, peers):
    for attribute, theirs in peers[case]["aequitas"].items():
        for group, entry in entries(ours[case], attribute).items():
            counts = {name: entry[rate]["k"] for name, rate in COUNTS.items() if "k" in entry[rate]}
            assert counts | {"n": entry["n"]} == {m: theirs[group][m] for m in (*counts, "n")}


@every_case
def test_every_group_that_a_peer_knows_is_known_and_withheld_only_where_one_is_small(case, ours, peers):
    for attribute, theirs in peers[case]["aequitas"].items():
        assert set(theirs) == set(known(ours[case], attribute))
        withheld = [theirs[group]["n"] for group in set(theirs) - set(entries(ours[case], attribute))]
        assert not withheld or min(withheld) < 5


@every_case
def test_smallest_largest_difference_and_ratio_of_groups_are_those_of_fairlearn(case, ours, peers):
    for attribute, theirs in peers[case]["fairlearn"].items():
        shown = entries(ours[case], attribute)
        for rate in RATES if len(shown) == len(theirs["by_group"]) else ():
            shares = [entry[rate]["k"] / entry[rate]["n"] for entry in shown.values() if "k" in entry[rate]]
            if len(shares) == len(shown):
                least, most = min(shares), max(shares)
                found = {"group_min": least, "group_max": most, "difference": most - least, "ratio": least / most}
                assert found == {name: pytest.approx(theirs[name][rate], abs=EXACT, rel=0) for name in found}


def test_the_published_false_positive_rates_come_out_of_all_three(ours, peers):
    black, white = (entries(ours["as COMPAS"], "race")[race]["fpr"] for race in ("African-American", "Caucasian"))
    assert [(rate["k"], rate["n"]) for rate in (black, white)] == [(805, 1_795), (349, 1_488)]
    for theirs in (peers["as COMPAS"]["aequitas"]["race"], peers["as COMPAS"]["fairlearn"]["race"]["by_group"]):
        assert theirs["African-American"]["fpr"] == pytest.approx(805 / 1_795, abs=EXACT)
        assert theirs["Caucasian"]["fpr"] == pytest.approx(349 / 1_488, abs=EXACT)


def test_the_gap_to_a_reference_is_the_difference_of_fairlearns_groups(peers):
    audit = audited(CASES["as COMPAS"], reference={"race": "Caucasian"})
    theirs = peers["as COMPAS"]["fairlearn"]["race"]["by_group"]
    gaps = [gap for gap in audit["differences"] if gap["against"] == "reference" and gap["measure"] in OF_FAIRLEARN]
    assert {gap["group"] for gap in gaps} == {"African-American", "other"}
    for gap in gaps:
        group, measure = gap["group"], gap["measure"]
        value = theirs[group][measure] - theirs["Caucasian"][measure]
        assert gap["gap"]["value"] == pytest.approx(value, abs=EXACT, rel=0)


def test_with_two_groups_the_gap_to_everyone_else_is_the_difference_of_fairlearn(ours, peers):
    theirs = peers["as COMPAS"]["fairlearn"]["sex"]["difference"]
    gaps = [gap for gap in ours["as COMPAS"]["differences"] if gap["attribute"] == "sex" and gap["measure"] in theirs]
    assert len(gaps) >= 2 * len(RATES[:4])
    for gap in gaps:
        assert abs(gap["gap"]["value"]) == pytest.approx(theirs[gap["measure"]], abs=EXACT, rel=0)


def test_clusters_move_no_point_value(ours):
    case = CASES["drawn 1"]
    clustered = audited(
        case._replace(table=case.table.with_row_index("child").with_columns(pl.col("child") // 3)),
        groups=case.attributes,
        child="child",
    )
    for one, other in zip(ours["drawn 1"]["groups"], clustered["groups"], strict=True):
        values = {m: (one[m]["value"], other[m]["value"]) for m in RATES if "value" in one[m] and "value" in other[m]}
        assert all(first == second for first, second in values.values())


def test_of_nobody_we_give_no_rate_where_fairlearn_gives_0_and_aequitas_no_number(ours, peers):
    group, theirs = "none come true", peers["drawn 1"]
    assert entries(ours["drawn 1"], "size")[group]["tpr"] == {"undefined": "nobody is in the denominator"}
    assert theirs["fairlearn"]["size"]["by_group"][group]["tpr"] == 0
    assert math.isnan(theirs["aequitas"]["size"][group]["tpr"])


def test_rows_without_a_group_stay_where_fairlearn_refuses_them_and_aequitas_drops_them(ours, peers):
    known = CASES["drawn 1"].table["size"].drop_nulls().len()
    assert "contains missing values" in peers["drawn 1"]["missing"]["fairlearn_refuses"]
    assert peers["drawn 1"]["missing"]["aequitas_counts"] == known < 900
    assert sum(entry["n"] for entry in entries(ours["drawn 1"], "size").values()) == 900


def test_a_value_that_is_off_by_a_hair_is_seen(ours, peers):
    theirs = {"size": {group: dict(found) for group, found in peers["drawn 1"]["aequitas"]["size"].items()}}
    theirs["size"]["few"]["fpr"] += 3e-12
    assert list(apart(ours["drawn 1"], theirs, OF_AEQUITAS)) == [("size", "few", "fpr")]
