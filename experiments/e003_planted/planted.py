"""Recording, proxy and access planted in the same authorities: how often each is found, and its size covered."""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.e003_planted.authorities import over_seeds, plan, simulated
from experiments.e003_planted.estimators import ESTIMATORS, Found
from experiments.e003_planted.model import training_plan
from training.registry.planned_records import load_as_planned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def found_in(seed: int, *, children: int, is_planted: bool) -> dict[str, Found]:
    """Simulate one authority and ask every estimator.

    Parameters
    ----------
    seed, children
        Of the authority.
    is_planted
        Or nothing is, to see what is then found.
    """
    sizes = plan()["planted"]["sizes"] if is_planted else {}
    with simulated(children=children, seed=seed, planted=sizes) as place:
        records = load_as_planned(str(place / "records"), training_plan().records)
        return {name: ask(records) for name, ask in ESTIMATORS.items()}


def run(*, seeds: int, processes: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Plant all three in small authorities, in large ones, and nowhere.

    Parameters
    ----------
    seeds
        How many small authorities; as many again, at most, in which nothing is planted.
    processes, say
        See `authorities.over_seeds`.
    """
    of, large = plan()["authorities"], plan()["planted"]
    small = range(of["first_seed"], of["first_seed"] + seeds)
    asked = {
        "small": (small, of["children"], True),
        "large": (large["large_seeds"], large["large_children"], True),
        "nothing": (small[: large["without"]], of["children"], False),
    }
    answers = {}
    for name, (which, children, is_planted) in asked.items():
        say(f"{name}: {len(which)} authorities of {children:,} children")
        ask = partial(found_in, children=children, is_planted=is_planted)
        answers[name] = over_seeds(ask, which, processes=processes, say=say)
    return {
        name: [summed(kind, [each[kind] for each in found], is_planted=name != "nothing") for kind in ESTIMATORS]
        for name, found in answers.items()
    }


def summed(kind: str, found: Sequence[Found], *, is_planted: bool) -> dict[str, Any]:
    """Count how often a kind was found, and how often its interval holds the declared size.

    Where nothing was planted a ratio is 1; how many homes then lie in sectors that seem to tell is not declared.
    """
    size = plan()["planted"]["sizes"][kind] if is_planted else NOTHING[kind]
    told = [each for each in found if each.value is not None]
    held = [_holds(each, size) for each in told]
    values = [each.value for each in told if each.value is not None]
    mean = _mean(values, is_share=kind == "proxy")
    return {
        "kind": kind,
        "size": size,
        "authorities": len(found),
        "without_a_number": len(found) - len(told),
        "found": sum(each.is_beyond_chance for each in told),
        "size_covered": None if size is None else sum(held),
        "share_covered": None if size is None or not told else sum(held) / len(told),
        "mean": mean["mean"],
        "error_of_mean": mean["error"],
        "each": [asdict(each) for each in found],
    }


NOTHING: Mapping[str, float | None] = {"recording": 1.0, "access": 1.0, "proxy": None}


def _holds(found: Found, size: float | None) -> bool:
    if size is None or found.low is None or found.high is None:
        return False
    return found.low <= size <= found.high


def _mean(values: Sequence[float], *, is_share: bool) -> dict[str, float | None]:
    """Give the mean, of ratios the geometric one, and its standard error (of the logarithm, for ratios)."""
    if len(values) < 2:
        return {"mean": None, "error": None}
    scale = list(values) if is_share else [math.log(each) for each in values]
    mean = sum(scale) / len(scale)
    spread = sum((each - mean) ** 2 for each in scale) / (len(scale) - 1)
    return {"mean": mean if is_share else math.exp(mean), "error": math.sqrt(spread / len(scale))}
