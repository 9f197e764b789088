"""What outcome tools and families themselves say: assessments with scales, and views.

Scores are noisy readings of the need and strengths of that month, so that they improve where help works and nowhere
else. Views are kinder where there are strengths and where help works. Both are partial: no row is never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.synthetic.cells import NEVER, Case, Spans, chosen, dates, day_within, ids, is_one_of, spans_of, stays_in
from features.synthetic.families import CHILD_PROBLEMS, FAMILY_PROBLEMS
from features.synthetic.record_services import AT_HOME, enclosing, has_closed
from features.synthetic.states import IN_CARE, LEAVERS, ON_A_PLAN, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.synthetic.families import Flags, Floats, Ints


@dataclass(frozen=True)
class Tool:
    """A tool, how it is read off need and strengths, and how often it is used again.

    Parameters
    ----------
    scales
        Each with the family's or child's problems that show in it.
    ends
        Lowest and highest score of every scale.
    direction
        Which end is better.
    reads
        Score at need 0 and strengths 0; what each level of need, each level of strengths and each problem adds.
    noise
        Standard deviation of a reading, in points.
    every_days
        Days from one use to the next; `NEVER` for a start and an end only.
    is_of_family
        Whether it speaks of the whole family.
    """

    scales: Mapping[str, tuple[str, ...]]
    ends: tuple[int, int]
    direction: str
    reads: tuple[float, float, float, float]
    noise: float
    every_days: int
    is_of_family: bool = False


HIGHER, LOWER = "higher is better", "lower is better"
# The scales' names are the tools'; how need and strengths show in them is ours. An SDQ of looked-after children has a
# mean of 14.9 and a spread of 7 (England 2025, DfE); of children in early help and in need nothing is held.
TOOLS = {
    "Family Star Plus": Tool({
        "Physical health": ("parent_illness",), "Your well-being": ("parent_mental_health",),
        "Meeting emotional needs": ("neglect",), "Keeping your children safe": ("domestic_abuse", "exploitation"),
        "Social networks": (), "Education and learning": ("child_mental_health",), "Home and money": (),
        "Boundaries and behaviour": ("behaviour",), "Family routine": ("neglect", "parent_drugs"),
        "Progress to work": ("parent_illness",),
    }, ends=(1, 10), direction=HIGHER, reads=(6.6, -0.65, 0.7, -1.2), noise=0.9, every_days=91, is_of_family=True),
    "SDQ": Tool({
        "Total difficulties": ("child_mental_health", "behaviour"),
    }, ends=(0, 40), direction=LOWER, reads=(10.5, 2.0, -1.0, 4.0), noise=3.0, every_days=NEVER),
    "CANS": Tool({
        "Family strengths": (), "Interpersonal": (), "Educational setting": (), "Interests": (), "Resilience": (),
    }, ends=(0, 3), direction=LOWER, reads=(2.0, 0.15, -0.6, 0.0), noise=0.5, every_days=182),
    "Local risk scale": Tool({
        "Home safety": ("neglect",), "Substance use": ("parent_drugs", "parent_alcohol"), "Supervision": ("neglect",),
        "Domestic abuse": ("domestic_abuse",), "Parental mental health": ("parent_mental_health",),
        "Risk outside the home": ("exploitation",),
    }, ends=(0, 10), direction=LOWER, reads=(1.6, 0.9, -0.5, 2.0), noise=1.0, every_days=91),
}  # fmt: skip
# How much families and children differ for good in what they say, as a part of the noise of one reading: ours.
LASTING = 0.8
# Who is asked, on what, and what of it is said more kindly or less, in points of the middle: ours.
SAID_BY = ("child", "mother", "father", "carer")
TOPICS = {
    "help received": 0.3, "worker": 0.5, "plan": 0.1, "being listened to": 0.2, "home": 0.0, "school": -0.1,
    "health": 0.0, "friends": 0.2, "money": -0.6, "safety": 0.1, "contact with family": -0.2,
}  # fmt: skip
VIEWS = ("positive", "mixed", "negative")
# Chance in a month that a visit or review leaves a view, and that a closure does: ours, no figure is held.
ASKED = {(State.EARLY_HELP,): 0.12, AT_HOME: 0.10, IN_CARE: 0.14, LEAVERS: 0.06}
ASKED_AT_CLOSURE = 0.4
# What makes a view kinder: each level of strengths, help that works here, less need; and how much people differ.
KINDER = {"strength": 0.45, "help_works": 0.6, "need": -0.25}
VIEW_SPREAD, VIEW_NOISE = 0.6, 1.0
# Share of stretches of help in which any tool is used, and of those the share of the first of two that fit: ours.
USED_IN_EARLY_HELP, USED_IN_SOCIAL_CARE, FIRST_TOOL = 0.6, 0.45, 0.7
# The chance that a follow-up is made, the factor for each later one, and the chance of one at the end: ours.
FOLLOWED_UP, LATER, AT_THE_END, MOST_FOLLOW_UPS = 0.75, 0.8, 0.6, 10
# Questionnaires are for children of 4 to 16 (Goodman, 1997).
SDQ_AGES = range(4, 17)


@dataclass(frozen=True)
class Uses:
    """Uses of one tool: of whom, and on which day."""

    child: Ints
    day: Ints


def _used(spans: Spans, share: float, rng: np.random.Generator) -> Spans:
    """Draw where any tool is used at all."""
    return spans.take(rng.random(spans.n) < share)


def _planted(case: Case, spans: Spans, rng: np.random.Generator) -> Spans:
    """Leave out some uses of a tool for the marked, where `measurement` is planted."""
    size = np.where(case.people.is_marked[spans.child], case.profile.planted.get("measurement", 1.0), 1.0)
    return spans.take(rng.random(spans.n) < size)


def _years(case: Case, child: Ints, day: Ints) -> Floats:
    return (day - case.people.birth_day[child]) / 365.25


def _is_of_age(case: Case, spans: Spans) -> Flags:
    found: Flags = np.isin(np.floor(_years(case, spans.child, spans.start_day)), SDQ_AGES)
    return found


def _one_of_each_family(case: Case, spans: Spans) -> Spans:
    """Keep one stretch where several children of a family are helped at once: that of the first."""
    family = case.people.family[spans.child]
    order = np.lexsort((spans.child, spans.start_day, family))
    ordered = pl.DataFrame({"family": family[order], "end": spans.end_day[order]})
    before = ordered.select(pl.col("end").cum_max().shift().over("family").fill_null(-1)).to_series().to_numpy()
    return spans.take(np.sort(order[spans.start_day[order] > before]))


def _uses(case: Case, spans: Spans, tool: Tool, rng: np.random.Generator) -> Uses:
    """Lay out when a tool is used: at the start, again and again though often not, and at the end."""
    first = np.maximum(spans.start_day, case.people.birth_day[spans.child]) + rng.integers(0, 15, spans.n)
    steps = np.arange(1, MOST_FOLLOW_UPS + 1)
    again = first[:, None] + steps * tool.every_days + rng.integers(-10, 11, (spans.n, len(steps)))
    is_made = rng.random(again.shape) < FOLLOWED_UP * LATER ** (steps - 1)
    is_made &= again < spans.end_day[:, None] - tool.every_days // 3
    last = np.maximum(spans.end_day - rng.integers(0, 10, spans.n), first)
    is_last = (rng.random(spans.n) < AT_THE_END) & has_closed(case, spans) & (last > first + 28)
    days = np.column_stack([first, again, last])
    is_inside = (days >= case.months.start) & (days <= case.months.until) & (days <= spans.end_day[:, None])
    made = np.column_stack([np.ones(spans.n, bool), is_made, is_last])
    row, k = np.nonzero(made & is_inside)
    return Uses(spans.child[row], days[row, k])


def _readings(case: Case, tool: Tool, uses: Uses, rng: np.random.Generator) -> Ints:
    """Read every scale at every use; shape (uses, scales), in whole points within the scale."""
    child, people = uses.child, case.people
    month = case.months.month_of(uses.day.astype(np.int32))
    every = [*FAMILY_PROBLEMS, *CHILD_PROBLEMS]
    has = np.hstack([people.family_problems[child], people.child_problems[child]])
    shows = np.column_stack([has[:, [every.index(p) for p in shown]].sum(axis=1) for shown in tool.scales.values()])
    level, by_need, by_strength, by_problem = tool.reads
    latent = level + by_need * case.lives.need[child, month] + by_strength * case.lives.strength[child, month]
    who = people.family if tool.is_of_family else np.arange(people.n)
    lasting = rng.normal(0, LASTING * tool.noise, people.n)[who[child]]
    score = (latent + lasting)[:, None] + by_problem * shows + rng.normal(0, tool.noise, shows.shape)
    return np.clip(np.rint(score), *tool.ends).astype(np.int64)


def _assessments(case: Case, name: str, spans: Spans, rng: np.random.Generator) -> pl.DataFrame:
    """Write one tool, a row for each scale of each use."""
    tool = TOOLS[name]
    uses = _uses(case, _planted(case, spans, rng), tool, rng)
    scores = _readings(case, tool, uses, rng)
    use, scale = np.divmod(np.arange(scores.size), len(tool.scales))
    child, n = uses.child[use], scores.size
    family = np.where(case.people.arrives[child] >= 0, case.people.n_families, case.people.family[child])
    nobody, nothing = np.full(n, len(case.person_ids)), pl.Series([None], dtype=pl.String)
    return pl.DataFrame(
        {
            "fama_person_id": pl.concat([case.person_ids, nothing]).gather(nobody if tool.is_of_family else child),
            "fama_family_id": pl.concat([ids(case.people.n_families, first=200411, width=7), nothing]).gather(family),
            "fama_assessment_date": dates(uses.day[use]),
            "fama_tool": pl.Series([name] * n, dtype=pl.String),
            "fama_scale": chosen(list(tool.scales), scale),
            "fama_score": pl.Series(scores.ravel()).cast(pl.String),
            "fama_direction": pl.Series([tool.direction] * n, dtype=pl.String),
        }
    )


def _tools(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    """Choose who is assessed with what, and write it all."""
    early, home, plans = spans_of(case, [State.EARLY_HELP]), spans_of(case, AT_HOME), spans_of(case, ON_A_PLAN)
    early, home = _used(early, USED_IN_EARLY_HELP, rng), _used(home, USED_IN_SOCIAL_CARE, rng)
    plans = plans.take(enclosing(case, home, plans.child, plans.start_month) >= 0)
    written = []
    for first, spans in (("Family Star Plus", early), ("Local risk scale", home)):
        asked, is_first = _is_of_age(case, spans), rng.random(spans.n)
        with_first = spans.take((is_first < FIRST_TOOL) | ~asked)
        once = _one_of_each_family(case, with_first) if TOOLS[first].is_of_family else with_first
        written.append(_assessments(case, first, once, rng))
        written.append(_assessments(case, "SDQ", spans.take(asked & (is_first >= FIRST_TOOL / 2)), rng))
    written.append(_assessments(case, "CANS", plans.take(_is_of_age(case, plans)), rng))
    table = pl.concat(written).sort("fama_assessment_date", maintain_order=True)
    return table.select(ids(table.height, first=1).alias("fama_table_id"), *table.columns)


def _together(parts: Sequence[Uses]) -> Uses:
    return Uses(np.concatenate([part.child for part in parts]), np.concatenate([part.day for part in parts]))


def _visits(case: Case, rng: np.random.Generator) -> Uses:
    """Draw the visits and reviews that left a view, from months spent in one kind of help."""
    stays = [(*stays_in(case, states), chance) for states, chance in ASKED.items()]
    came = [rng.random(len(child)) < chance for child, _, chance in stays]
    both = zip(stays, came, strict=True)
    return _together([Uses(child[w], day_within(case, month[w], rng)) for (child, month, _), w in both])


def _closures(case: Case, rng: np.random.Generator) -> Uses:
    """Draw the closures at which somebody was asked."""
    found = [spans_of(case, states) for states in ASKED]
    kept = [s.take(has_closed(case, s) & (rng.random(s.n) < ASKED_AT_CLOSURE)) for s in found]
    return _together([Uses(s.child, s.end_day) for s in kept])


def _in(case: Case, asked: Uses, states: Sequence[State]) -> Flags:
    """Say who stood in some states on the day, as the end of the month before it left them."""
    month = case.months.month_of(asked.day.astype(np.int32)) - 1
    return is_one_of(states)[case.lives.state[asked.child, month]]


def _who_spoke(case: Case, asked: Uses, rng: np.random.Generator) -> Ints:
    """Draw who spoke: positions in `SAID_BY`. Young children do not; no parent does for those who came alone."""
    years, adult = _years(case, asked.child, asked.day), rng.random(len(asked.day))
    alone = case.people.arrives[asked.child] >= 0
    share = np.where(years < 4, 0.0, np.minimum(0.15 + 0.04 * years, 0.75))
    parent = np.where(adult < 0.8, 1, 2)
    grown_up = np.where(_in(case, asked, IN_CARE) & ((adult < 0.6) | alone), 3, parent)
    has_nobody = (alone & (grown_up != 3)) | (years >= 18)
    return np.where(has_nobody | (rng.random(len(years)) < share), 0, grown_up)


def _topics(case: Case, asked: Uses, rng: np.random.Generator) -> Ints:
    """Draw what was spoken of: positions in `TOPICS`. School at school age, contact with family in care only."""
    names, years = list(TOPICS), _years(case, asked.child, asked.day)
    topic = rng.integers(0, len(names), len(years))
    no_school = (topic == names.index("school")) & ((years < 4) | (years >= 16))
    no_contact = (topic == names.index("contact with family")) & ~_in(case, asked, IN_CARE)
    return np.where(no_school | no_contact, names.index("help received"), topic)


def _how(case: Case, asked: Uses, topic: Ints, rng: np.random.Generator) -> Ints:
    """Draw what was said: positions in `VIEWS`."""
    child, month = asked.child, case.months.month_of(asked.day.astype(np.int32))
    kind = np.array(list(TOPICS.values()))[topic] + KINDER["strength"] * (case.lives.strength[child, month] - 1.0)
    kind += KINDER["help_works"] * case.people.help_works[child] + KINDER["need"] * case.lives.need[child, month]
    kind += rng.normal(0, VIEW_SPREAD, case.people.n)[child] + rng.normal(0, VIEW_NOISE, len(child))
    return np.where(kind > 0.3, 0, np.where(kind > -0.5, 1, 2))


def _views(case: Case, rng: np.random.Generator) -> pl.DataFrame:
    """Write what was said: one to three topics each time somebody was asked, and one word on each."""
    times = _together([_visits(case, rng), _closures(case, rng)])
    is_born = times.day >= case.people.birth_day[times.child]
    order = np.lexsort((times.child, times.day))
    order = order[(is_born & (times.day <= case.months.until))[order]]
    row = np.repeat(order, rng.integers(1, 4, len(order)))
    asked = Uses(times.child[row], times.day[row])
    topic = _topics(case, asked, rng)
    table = pl.DataFrame(
        {
            "famv_person_id": case.persons(asked.child),
            "famv_view_date": dates(asked.day),
            "famv_said_by": chosen(SAID_BY, _who_spoke(case, times, rng)[row]),
            "famv_topic": chosen(list(TOPICS), topic),
            "famv_view": chosen(VIEWS, _how(case, asked, topic, rng)),
        }
    )
    # Nobody says two things of one topic on one day.
    once = table.unique(table.columns[:4], keep="first", maintain_order=True)
    return once.select(ids(once.height, first=1).alias("famv_table_id"), *once.columns)


def record_tools(case: Case) -> dict[str, pl.DataFrame]:
    """Write assessments with scales and the views of children, parents and carers.

    Returns
    -------
    dict of str to polars.DataFrame
        `ext_family_assessments`, a row for each scale of each use, and `ext_family_views`, a row for each topic, both
        ordered by day. The person is missing where an assessment speaks of the whole family, the family is missing
        for young people who came alone. No row means that nothing was written down, not that all is well.
    """
    return {
        "ext_family_assessments": _tools(case, case.draws("record assessments")),
        "ext_family_views": _views(case, case.draws("record views")),
    }
