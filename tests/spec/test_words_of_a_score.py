"""How scores, places and strengths are said."""

from __future__ import annotations

import pytest

from serving.explanations import words

HARMFUL = ("danger level", "high-risk", "red flag", "protected by", "risk score")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "about 1 of 100"),
        (0.004, "about 1 of 100"),
        (0.124, "about 12 of 100"),
        (0.126, "about 13 of 100"),
        (1.0, "about 99 of 100"),
    ],
)
def test_a_share_is_said_as_a_count_never_none_and_never_all(share: float, said: str) -> None:
    assert words.share_in_words(share) == said


@pytest.mark.parametrize("wrong", [-0.01, 1.01, 36.0, float("nan")])
def test_what_is_no_share_is_not_said(wrong: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        words.share_in_words(wrong)


@pytest.mark.parametrize(
    ("rank", "said"),
    [
        (1, "highest"),
        (2, "2nd highest"),
        (3, "3rd highest"),
        (11, "11th highest"),
        (21, "21st highest"),
        (112, "112th highest"),
    ],
)
def test_a_place_is_said_as_people_say_it(rank: int, said: str) -> None:
    assert words.rank_in_words(rank, 468) == f"{said} of 468 scores"


def test_a_contribution_is_as_strong_upward_as_downward() -> None:
    sizes = (0.01, 0.2, 0.5, 3.0)
    assert [words.strength_in_words(s) for s in sizes] == [words.strength_in_words(-s) for s in sizes]


def test_what_a_score_is_not_says_nothing_that_harms() -> None:
    said = " ".join((*words.WHAT_A_SCORE_IS_NOT, words.WHAT_MOVED_UP_MEANS)).lower()
    assert [harm for harm in HARMFUL if harm in said] == []
    assert "starting early help is not moving up" in said
