"""What was shown and decided, one row a child and day of a list: what watching the service reads of its database.

A worklist keeps a score anew each time it is opened, and a decision may be followed by another. So a child counts once
a day of the list: with the last decision on any score shown of that day, or undecided. Who decided, and every note,
stays in the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from sqlalchemy import JSON, select
from sqlalchemy.dialects.postgresql import distinct_on

from serving.database import reading
from serving.decisions.log import DECISION
from serving.scoring.shown import SHOWN

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from training.registry.bundle import Bundle

SCHEMA: Final = {
    "child": pl.String(),
    "as_of": pl.Date(),
    "model_version": pl.String(),
    "score": pl.Float64(),
    "rank": pl.Int64(),
    "of": pl.Int64(),
    "band": pl.String(),
    "role": pl.String(),
    "decision": pl.String(),
    "reason": pl.String(),
}
"""`role`, `decision` and `reason` are missing where nobody decided."""


def shown_rows(engine: Engine) -> pl.DataFrame:
    """Read what was shown and decided.

    Returns
    -------
    DataFrame
        Schema `SCHEMA`, sorted by `as_of`, then `child`.

    Raises
    ------
    OutOfReachError
        When the database does not answer.
    """
    day_of_child = (SHOWN.c.child_id, SHOWN.c.as_of)
    chosen = (
        select(
            *day_of_child,
            SHOWN.c.model_version,
            SHOWN.c.answer,
            DECISION.c.role,
            DECISION.c.decision,
            DECISION.c.reason,
        )
        .outerjoin(DECISION, DECISION.c.score_id == SHOWN.c.score_id)
        .ext(distinct_on(*day_of_child))
        .order_by(*day_of_child, DECISION.c.position.desc().nulls_last(), SHOWN.c.seen_at, SHOWN.c.score_id)
        .subquery()
    )
    told = chosen.c.answer.cast(JSON)
    columns = (
        chosen.c.child_id,
        chosen.c.as_of,
        chosen.c.model_version,
        told["score"].as_float(),
        told["rank"].as_integer(),
        told["of"].as_integer(),
        told["band"].as_string(),
        chosen.c.role,
        chosen.c.decision,
        chosen.c.reason,
    )
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(select(*columns))]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("as_of", "child")


def near_the_top(bundle: Bundle) -> pl.Expr:
    """Say whether the score alone would have offered help: a place in that day's list within the places there are.

    Of the released model also whoever shares the score of the last such place, as the bands do. An earlier model's
    bands are no longer known; the places are taken to be those of today's plan.
    """
    manifest, bands = bundle.manifest, bundle.manifest.plan.bands
    names = [name for name, share in zip(bands.names[:-1], bands.shares, strict=True) if share <= 1]
    # why: rounded first, as `Bands.last_ranks` does: 0.1 * 110 is a hair above 11
    places = (bands.capacity * pl.col("of")).round(9).ceil()
    is_tied = (pl.col("model_version") == manifest.model_version) & pl.col("band").is_in(names)
    return ((pl.col("rank") <= places) | is_tied).alias("is_near_top")
