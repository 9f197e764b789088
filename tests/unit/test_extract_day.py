"""The last day that records speak of: what happens every day tells it, not one day on which much was planned."""

from __future__ import annotations

from datetime import date, timedelta

from features.tables.validate import examine
from tests.drawing import raw

FIRST, LAST = date(2022, 1, 1), date(2025, 3, 31)


def told_with_reviews(*held: str) -> date:
    """Tell the last day of two contacts a day until `LAST`, and of reviews, fifty on each day."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    contacts = [f"{day}-{n} | C{n} | {day}" for day in days for n in range(2)]
    reviews = [f"{day}-{n} | C{n} | {day}" for day in held for n in range(50)]
    drawn = raw(
        ssd_person="pers_person_id",
        ssd_contacts="\n".join(["cont_contact_id | cont_person_id | cont_contact_date", *contacts]),
        ssd_cla_reviews="\n".join(["clar_cla_review_id | clar_cla_person_id | clar_cla_review_date", *reviews]),
    )
    return examine(drawn).records.extract_day


def test_a_day_for_which_many_reviews_are_planned_is_not_the_last_day() -> None:
    assert told_with_reviews("2022-09-01", "2023-09-01", "2024-09-01", "2025-09-01") == LAST


def test_without_a_day_ahead_the_last_day_is_that_of_the_last_event() -> None:
    assert told_with_reviews("2022-09-01", "2023-09-01", "2024-09-01") == LAST
