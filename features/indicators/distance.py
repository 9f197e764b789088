"""Distance travelled: for every scale of an assessment tool, where a child or family began, stands now, and the change.

The aim is that specific risks of a family fall by a quarter or more and that resilience grows. Scales are never
compared with each other and never added up; of several scores on one day the worse one counts. Two uses of a tool by
different workers differ by more than nothing: a change is what was scored, not proof of what changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from features.families import family_of

if TYPE_CHECKING:
    from features.as_of import View
    from features.engines.engine import Frame

TABLE = "ext_family_assessments"
LOWER_IS_BETTER, HIGHER_IS_BETTER = "lower is better", "higher is better"

# The aim of the partnership, IPC 2016 on Newport's integrated family support: risks cut by at least 25%.
A_QUARTER = 0.25
# Points may be tenths, which are not exact: 1.2 less 0.3 is a quarter less, and must be told as one.
ROUNDING = 1e-9

_WHOSE = ("subject", "subject_id")
_SCALE = (*_WHOSE, "tool", "scale", "direction")


def distance_travelled(view: View) -> Frame | None:
    """Give the distance travelled on every scale, by child and by family, as known on a view's day.

    Parameters
    ----------
    view
        What was known on the day.

    Returns
    -------
    LazyFrame or None
        One row a subject and scale: `subject` (`child` or `family`), `subject_id`, `tool`, `scale` (empty where the
        tool has one alone), `direction` (which end is better), `first_day`, `latest_day` (Int32, days since
        1970-01-01), `n_uses` (Int32, days on which it was used), `first`, `latest`, `change` (Float64, points; latest
        less first),
        `percentage_change` (Float64, percent of the first; missing where that is nought),
        `is_better`, `is_worse`, `is_better_by_a_quarter` (Int8; missing where it was used once, the last also where the
        first is nought). None where the source has no such table.
    """
    if TABLE not in view.tables:
        return None
    scores = _scores(view.tables[TABLE])
    ends = scores.group_by(*_SCALE).agg(
        nw.col("day").min().alias("first_day"),
        nw.col("day").max().alias("latest_day"),
        nw.len().cast(nw.Int32).alias("n_uses"),
    )
    at_ends = scores.join(ends, on=list(_SCALE), how="inner").group_by(*_SCALE, "first_day", "latest_day", "n_uses")
    return _with_changes(
        at_ends.agg(
            nw.when(nw.col("day") == nw.col("first_day")).then(nw.col("trouble")).max().alias("first_trouble"),
            nw.when(nw.col("day") == nw.col("latest_day")).then(nw.col("trouble")).max().alias("latest_trouble"),
        )
    )


def scales_of_children(view: View) -> Frame:
    """Give the distance travelled on every scale that speaks of a child: their own, and those of their family.

    Returns
    -------
    LazyFrame
        As `distance_travelled`, with `child_id`; a family's row once for each of its children.
    """
    travelled = distance_travelled(view)
    assert travelled is not None  # whoever asks has looked whether the table is there
    travelled = view.engine.hold(travelled)
    own = travelled.filter(nw.col("subject") == "child").with_columns(nw.col("subject_id").alias("child_id"))
    families = family_of(view)
    if families is None:
        return own
    shared = travelled.filter(nw.col("subject") == "family").join(
        families.select("child_id", "family_id"), left_on="subject_id", right_on="family_id", how="inner"
    )
    columns = own.collect_schema().names()
    return nw.concat([own.select(*columns), shared.select(*columns)])


def _scores(table: Frame) -> Frame:
    """Give one row a subject, scale and day; `trouble` grows as things get worse, whichever end is better."""
    is_own = ~nw.col("fama_person_id").is_null()
    direction = nw.col("fama_direction")
    told = table.filter(~nw.col("fama_score").is_null(), ~direction.is_null())
    score = nw.when(nw.col("fama_score") == 0).then(nw.lit(0.0)).otherwise(nw.col("fama_score"))
    spoken_of = told.select(
        nw.when(is_own).then(nw.lit("child")).otherwise(nw.lit("family")).alias("subject"),
        nw.when(is_own).then(nw.col("fama_person_id")).otherwise(nw.col("fama_family_id")).alias("subject_id"),
        nw.col("fama_tool").alias("tool"),
        nw.col("fama_scale").fill_null("").alias("scale"),
        direction.alias("direction"),
        nw.col("fama_assessment_date_day").alias("day"),
        nw.when(direction == LOWER_IS_BETTER).then(score).otherwise(_turned(score)).alias("trouble"),
    )
    return spoken_of.filter(~nw.col("subject_id").is_null()).group_by(*_SCALE, "day").agg(nw.col("trouble").max())


def _with_changes(ends: Frame) -> Frame:
    first, latest = nw.col("first_trouble"), nw.col("latest_trouble")
    is_repeated, has_begun = nw.col("n_uses") > 1, first != 0
    change = latest - first
    of_first = nw.when(first < 0).then(nw.lit(0.0) - first).otherwise(first)
    return ends.with_columns(
        _in_points(first).alias("first"),
        _in_points(latest).alias("latest"),
        _in_points(change).alias("change"),
        nw.when(has_begun).then(_in_points(100 * change / of_first)).alias("percentage_change"),
        nw.when(is_repeated).then((change < 0).cast(nw.Int8)).alias("is_better"),
        nw.when(is_repeated).then((change > 0).cast(nw.Int8)).alias("is_worse"),
        nw.when(is_repeated & has_begun)
        .then((change <= ROUNDING - A_QUARTER * of_first).cast(nw.Int8))
        .alias("is_better_by_a_quarter"),
    ).drop("first_trouble", "latest_trouble")


def _in_points(trouble: nw.Expr) -> nw.Expr:
    """Give trouble as the scale is scored."""
    return nw.when(nw.col("direction") == LOWER_IS_BETTER).then(trouble).otherwise(_turned(trouble))


def _turned(number: nw.Expr) -> nw.Expr:
    """Turn a number round; nought stays nought, for an engine may take -0.0 for another number and print it."""
    return nw.when(number == 0).then(nw.lit(0.0)).otherwise(nw.lit(0.0) - number)
