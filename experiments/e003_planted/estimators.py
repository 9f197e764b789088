"""What an auditor finds of three kinds of unfairness, from records alone; the truth is not looked at.

Each estimator reads the records of one authority and gives the size of what was planted with its interval, and whether
what it found lies beyond chance where nothing is planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.e003_planted.authorities import plan
from training.access import WHITE, offer_ratio
from training.access_rows import look, requests_between
from training.audit.counts.clusters import codes_of
from training.audit.statistics.estimate import LEVEL, Estimate, Outcome
from training.audit.trial.concentration import concentration
from training.audit.trial.recording import recording_ratio
from training.recorded_rows import CLUSTER, OF_SIBLINGS, RECORDED, home_rows, recording_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from features.tables.records import Records


@dataclass(frozen=True)
class Found:
    """What one estimator says of one authority.

    Parameters
    ----------
    value, low, high
        The size of what was planted, with its 95% interval; None where there is no number.
    is_beyond_chance
        Whether the interval leaves out that nothing was planted.
    """

    value: float | None
    low: float | None
    high: float | None
    is_beyond_chance: bool


def recording(records: Records) -> Found:
    """Compare how often ethnicity is not recorded, by what is recorded of brothers and sisters, at an equal stage."""
    rows = recording_rows(records, as_of=records.extract_day)
    return _ratio(recording_ratio(rows, RECORDED, first=_marked(rows[OF_SIBLINGS]), second=WHITE))


def access(records: Records) -> Found:
    """Compare how often help is offered once somebody asked, at equal recorded need."""
    rows = requests_between(records, look(records), first=plan()["planted"]["asked_from"], last=records.extract_day)
    return _ratio(offer_ratio(rows)["need"])


def proxy(records: Records) -> Found:
    """Give the share of homes in sectors that tell the group; whether that is more than of everyone else's homes."""
    homes = home_rows(records, as_of=records.extract_day)
    known = homes.drop_nulls("ethnic_group")
    there = concentration(
        codes_of(known["sector"])[0], ~known["ethnic_group"].is_in(WHITE).to_numpy(), codes_of(known[CLUSTER])[0]
    )
    size, gap = _plain(there.inside), _plain(there.gap)
    return Found(size.value, size.low, size.high, gap.low is not None and gap.low > 0)


def _marked(groups: pl.Series) -> list[str]:
    return sorted(set(groups.drop_nulls().to_list()) - set(WHITE))


def _ratio(found: Outcome) -> Found:
    plain = _plain(found)
    if plain.low is None or plain.high is None:
        return plain
    return Found(plain.value, plain.low, plain.high, not plain.low <= 1 <= plain.high)


def _plain(found: Outcome) -> Found:
    if not isinstance(found, Estimate):
        return Found(None, None, None, False)
    low, high = found.limits(LEVEL)
    return Found(found.value, low, high, False)


ESTIMATORS: dict[str, Callable[[Records], Found]] = {"recording": recording, "proxy": proxy, "access": access}
"""By what is planted."""
