"""What the model card says, and with how many children behind it."""

from __future__ import annotations

import pytest

from tests.drawn_models import audited, manifest
from training.registry.card import card_of, render


@pytest.mark.parametrize(("days", "words"), [(365, "within twelve months"), (180, "within 180 days")])
def test_the_card_says_the_plans_own_horizon(days: int, words: str) -> None:
    written = manifest("logistic")
    outcome = written.plan.outcome.model_copy(update={"horizon_days": days})
    plan = written.plan.model_copy(update={"outcome": outcome})
    card = card_of(written.model_copy(update={"plan": plan}), audited())
    assert words in card["purpose"]
    assert words in card["meaning"]


def test_every_figure_of_the_card_stands_with_its_count() -> None:
    page = render(card_of(manifest("logistic"), audited()))
    assert "0.700 (0.650 to 0.750), 60 of 600" in page
