"""What moved a score, in words: pure functions of a row of contributions and a row of inputs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.explanations import Reason, by_domain, explain


@dataclass(frozen=True)
class Declared:
    """An indicator's declaration, as far as an explanation reads it."""

    domain: str
    missing: str
    missing_is_gap: bool = True

    def describe(self, value: float | None) -> str:
        return self.missing if value is None else f"{self.domain} says {value:g}"


DECLARED = {
    "contacts": Declared("services", "contacts are not recorded"),
    "moves": Declared("stability", "moves are not recorded"),
    "reviews_kept": Declared("strengths", "reviews are not recorded"),
    "sdq": Declared("health", "no questionnaire was filled in"),
}


def explained(contributions: dict[str, float], inputs: dict[str, float | None]):  # type: ignore[no-untyped-def]
    row = {"child_id": "C1", "score": 0.2, **{f"contribution_{name}": c for name, c in contributions.items()}}
    return explain(row, inputs, declarations=DECLARED)


def test_what_raised_and_what_lowered_stand_apart_the_largest_first() -> None:
    contributions = {"contacts": 0.2, "moves": 0.5, "reviews_kept": -0.3}
    said = explained(contributions, {"contacts": 4, "moves": 2, "reviews_kept": 1})
    assert [reason.words for reason in said.raised] == ["stability says 2", "services says 4"]
    assert [reason.words for reason in said.lowered] == ["strengths says 1"]


def test_shares_are_of_everything_that_moved_the_score() -> None:
    said = explained({"contacts": 0.3, "moves": -0.1}, {"contacts": 4, "moves": 0})
    assert [r.share for r in (*said.raised, *said.lowered)] == pytest.approx([0.3 / 0.4, 0.1 / 0.4])


def test_what_moved_nothing_is_left_out() -> None:
    said = explained({"contacts": 0.3, "moves": 0.0}, {"contacts": 4, "moves": 0})
    assert [r.indicator for r in (*said.raised, *said.lowered)] == ["contacts"]


def test_what_is_not_recorded_is_said_once_and_keeps_its_contribution() -> None:
    said = explained({"sdq": 0.1, "moves": 0.0}, {"sdq": None, "moves": math.nan})
    assert said.gaps == ("no questionnaire was filled in", "moves are not recorded")
    assert [(r.words, r.contribution) for r in said.raised] == [("no questionnaire was filled in", 0.1)]


def test_two_indicators_with_one_wording_are_one_gap() -> None:
    declared = {**DECLARED, "moves_last_year": Declared("stability", "moves are not recorded")}
    row = {"contribution_moves": 0.1, "contribution_moves_last_year": 0.0}
    found = explain(row, {"moves": None, "moves_last_year": None}, declarations=declared)
    assert found.gaps == ("moves are not recorded",)


def test_what_the_model_never_looks_at_is_no_gap() -> None:
    row = {"contribution_moves": 0.0, "contribution_sdq": 0.0}
    found = explain(row, {"moves": None, "sdq": None}, read={"sdq"}, declarations=DECLARED)
    assert found.gaps == ("no questionnaire was filled in",)


def test_a_recorded_nothing_is_no_gap() -> None:
    assert explained({"moves": -0.2}, {"moves": 0}).gaps == ()


def test_a_score_that_nothing_moved_has_no_reasons() -> None:
    said = explained({"moves": 0.0}, {"moves": 1})
    assert (said.raised, said.lowered) == ((), ())


@pytest.mark.parametrize("broken", [math.nan, math.inf, None])
def test_a_contribution_that_is_no_number_is_refused(broken: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        explained({"moves": broken}, {"moves": 1})


amounts = st.dictionaries(st.sampled_from(sorted(DECLARED)), st.floats(-3, 3), min_size=1)


@given(amounts)
def test_reasons_add_up_to_the_contributions(contributions: dict[str, float]) -> None:
    said = explained(contributions, dict.fromkeys(contributions, 1.0))
    total = math.fsum(r.contribution for r in (*said.raised, *said.lowered))
    assert total == pytest.approx(math.fsum(contributions.values()), abs=1e-8)


@given(amounts)
def test_domains_add_up_to_the_reasons(contributions: dict[str, float]) -> None:
    said = explained(contributions, dict.fromkeys(contributions, 1.0))
    reasons = [*said.raised, *said.lowered]
    domains = by_domain(reasons)
    assert math.fsum(d.contribution for d in domains) == pytest.approx(math.fsum(r.contribution for r in reasons))


def test_a_domain_never_nets_what_raised_against_what_lowered() -> None:
    up, down = Reason("a", "a", 0.4, 0.5, "household"), Reason("b", "b", -0.4, 0.5, "household")
    (domain,) = by_domain([up, down])
    assert (domain.raised, domain.lowered, domain.contribution) == (0.4, -0.4, 0.0)


def test_the_domain_that_moved_most_comes_first() -> None:
    little, much = Reason("a", "a", 0.1, 0.2, "health"), Reason("b", "b", -0.4, 0.8, "strengths")
    assert [d.domain for d in by_domain([little, much])] == ["strengths", "health"]


def test_what_there_was_nothing_to_record_of_is_no_gap() -> None:
    declared = {**DECLARED, "last_missing": Declared("stability", "never missing", missing_is_gap=False)}
    row = {"contribution_moves": 0.1, "contribution_last_missing": -0.1}
    found = explain(row, {"moves": None, "last_missing": None}, declarations=declared)
    assert found.gaps == ("moves are not recorded",)
