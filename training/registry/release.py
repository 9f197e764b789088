"""Release a run: try every gate, put its bundle where serving finds it, and make an alias point at it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable

from features.vocabulary.errors import IntegrityError, WrongUsageError
from training.registry import tracking
from training.registry.bundle import (
    ALIASES,
    AUDIT_FILES,
    FILES,
    RUN_ID,
    Bundle,
    dump_json,
    point_at,
    read_bundle,
    releases,
    write_bundle,
)
from training.registry.card import card_of, render
from training.registry.gates import check_gates, last_fold
from training.registry.manifest import Acceptance

Say = Callable[[str], None]


def _acceptance(accepted_by: str | None, reason: str | None) -> Acceptance | None:
    name, words = (accepted_by or "").strip(), (reason or "").strip()
    if bool(name) != bool(words):
        raise WrongUsageError(
            "Accepting that the audit cannot tell takes a person's name and a reason.",
            hint="Give both: --accept-cannot-tell NAME --reason TEXT.",
        )
    return Acceptance(name=name, reason=words) if name else None


def compare_with_rule(bundle: Bundle) -> list[str]:
    """Say how every learner did on the test day beside the rule of thumb, in lines to print."""
    lines = []
    for kind, found in last_fold(bundle).items():
        everyone = found["everyone"]
        figures = [
            f"{name} {everyone[key]['value']:.3f} ({everyone[key]['low']:.3f} to {everyone[key]['high']:.3f})"
            for name, key in (("average precision", "average_precision"), ("recall at capacity", "tpr"))
            if "value" in everyone[key]
        ]
        mark = ", released" if kind == bundle.manifest.kind else ""
        lines.append(f"{kind}{mark}: " + (", ".join(figures) or "too few children to measure"))
    return lines


def _released_before(run_id: str) -> Bundle | None:
    """Give the run's released bundle, if it is whole: it is never rewritten, since another alias may point at it."""
    try:
        return read_bundle(releases() / run_id)
    except IntegrityError:
        return None


def _release_candidate(run_id: str, acceptance: Acceptance | None, say: Say) -> Bundle:
    """Fetch the run's bundle, try the gates, and write the released bundle with a card that says who accepted what."""
    fetched = releases() / f".fetched.{os.getpid()}"
    shutil.rmtree(fetched, ignore_errors=True)
    fetched.mkdir(parents=True)
    try:
        candidate = read_bundle(tracking.fetch_bundle(run_id, fetched))
        accepted = _try_gates(candidate, acceptance, say)
        manifest = candidate.manifest.model_copy(update={"acceptance": acceptance if accepted else None})
        files = {name: (candidate.folder / name).read_text(encoding="utf-8") for name in FILES}
    finally:
        shutil.rmtree(fetched, ignore_errors=True)
    card = card_of(manifest, json.loads(files[AUDIT_FILES[0]]))
    write_bundle(releases() / run_id, files | {"card.json": dump_json(card), "card.html": render(card)}, manifest)
    return read_bundle(releases() / run_id)


def _try_gates(candidate: Bundle, acceptance: Acceptance | None, say: Say) -> bool:
    """Say how the learners compare, try every gate, and tell whether something had to be accepted."""
    for line in compare_with_rule(candidate):
        say(line)
    accepted = check_gates(candidate, acceptance)
    for line in accepted:
        say(f"accepted by name, with a reason: {line}")
    return bool(accepted)


def release(
    run_id: str,
    *,
    alias: str = "champion",
    accepted_by: str | None = None,
    reason: str | None = None,
    say: Say = lambda _: None,
) -> Bundle:
    """Release a run under an alias.

    Parameters
    ----------
    run_id
        What `earlyhelp train` printed.
    alias
        `champion` (what the service scores with) or `challenger` (scored beside it).
    accepted_by, reason
        Who accepts that the audit cannot tell, and why; both or neither. Kept in the manifest and on the card.
    say
        Told what is done and found.

    Returns
    -------
    Bundle
        As serving will read it.

    Raises
    ------
    WrongUsageError
        When there is no such run or alias, or only one of name and reason is given.
    RefusedError
        When a gate refuses.
    IntegrityError
        When the run's bundle is not what training wrote.
    OutOfReachError
        When MLflow does not answer.
    """
    if alias not in ALIASES or not RUN_ID.fullmatch(run_id):
        raise WrongUsageError(
            "Release takes a run's id and one of the aliases: " + ", ".join(ALIASES) + ".",
            hint="The id is the one line that earlyhelp train prints.",
        )
    acceptance = _acceptance(accepted_by, reason)
    released = _released_before(run_id)
    if released is None:
        released = _release_candidate(run_id, acceptance, say)
    else:
        _try_gates(released, released.manifest.acceptance or acceptance, say)
    registered = tracking.register(run_id, outcome=released.manifest.outcome, alias=alias)
    point_at(alias, run_id)
    say(f"{alias}: version {registered} of {tracking.EXPERIMENT.format(outcome=released.manifest.outcome)}")
    return released
