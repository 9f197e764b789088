"""The demonstration: the whole path on an invented authority in one process, with what each step does and takes.

Every family is invented. `--once` fetches one explained score over HTTP, records a decision, verifies the log and ends;
without it the pages stay up until they are stopped.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from features.vocabulary.home import home, keep_libraries_at_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    import uvicorn

    from features.progress import Say

PLAN = Path(__file__).parent / "plans" / "escalation.toml"
PICTURE = Path(__file__).parents[1] / "serving" / "pages" / "pictures" / "case-page.png"
SEED = 2_025
HOST = "127.0.0.1"
MOST_REASONS = 4

ACCEPTED_BY = "The demonstration"
ACCEPTED_BECAUSE = "Invented families: nobody is scored, and groups of this size leave some questions open."


def tell(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[Say]:
    """Say what is done, within it how far it is and since when, and afterwards how long it took."""
    tell(f"\n== {what}")
    started = time.perf_counter()
    yield lambda text: tell(f"   {time.perf_counter() - started:5.1f} s  {text}")
    tell(f"   took {time.perf_counter() - started:.1f} s")


def arguments() -> argparse.Namespace:
    """Read the few choices that a demonstration has."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="record one decision over HTTP, verify the log and end")
    parser.add_argument("--picture", action="store_true", help="make the README's picture of a case page")
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    return parser.parse_args()


def invent(children: int) -> Path:
    """Simulate the authority anew and give the folder of its records."""
    from features.synthetic import simulate

    folder = home() / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with step(f"invent an authority of {children:,} children known to services") as say:
        simulate(children=children, seed=SEED, profile="england", out=folder, say=say)
    return folder / "records"


def check_and_read(source: Path) -> Any:
    """Check the records as a data manager would, then read them."""
    from features.check.check import check
    from features.tables.load import load_records

    with step("check the records and read them") as say:
        check(source, json_out=None, html_out=home() / "demo" / "check.html", say=say)
        return load_records(source)


def build(records: Any) -> None:
    """Build the indicators of the extract's day, as training and serving do for each day that they stand on."""
    from features.indicators.matrix import matrix_as_of
    from training.registry.plan import read_plan

    with step("build the indicators of everyone who could be helped, as known on the extract's day") as say:
        matrix, _ = matrix_as_of(records, as_of=records.extract_day, rule=read_plan(PLAN).cohort)
        say(f"{matrix.height:,} children, {matrix.width - 3} indicators each")


def train_and_release(records: Any, source: Path) -> Any:
    """Train, audit and release; the released bundle."""
    from training.pipeline import run
    from training.registry.bundle import read_champion
    from training.registry.plan import read_plan
    from training.registry.release import release

    with step("train three kinds of model on rolling origins, calibrate, audit, track in MLflow") as say:
        run_id = run(records, read_plan(PLAN), say=say)
    with step("release the simplest model that does as well, if its gates let it through") as say:
        release(run_id, alias="champion", accepted_by=ACCEPTED_BY, reason=ACCEPTED_BECAUSE, say=say)
        bundle = read_champion()
        say(f"{bundle.manifest.kind} is the champion: run {run_id}")
        say_how_well(bundle, source, say)
    return bundle


def say_how_well(bundle: Any, source: Path, say: Say) -> None:
    """Say how well each kind ranks on the last test day, beside the best that any score could."""
    day = bundle.manifest.as_of.test.isoformat()
    rows = {kind: of["everyone"]["auc"] for kind, of in bundle.manifest.metrics["folds"][day].items()}
    told = json.loads((source.parent / "truth" / "ceiling.json").read_text(encoding="utf-8"))["outcomes"]
    best = [of["auc"] for of in told["escalation"]["days"] if "auc" in of and of["as_of"] == day]
    say(f"AUC on {day}, with 95% intervals:")
    for name, auc in [*rows.items(), *(("the best that any score could do", of) for of in best)]:
        say(f"  {name}: {auc['value']:.3f} ({auc['low']:.3f} to {auc['high']:.3f})")


def listen(port: int) -> socket.socket:
    """Take the port first: nobody waits minutes for pages that cannot be served."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        refused = f"Port {port} cannot be had ({error.strerror})."
        raise SystemExit(f"{refused}\nHint: python -m experiments.demo --port 0 takes a free one.") from None
    return listener


def serve_in_thread(application: Any, listener: socket.socket) -> tuple[uvicorn.Server, threading.Thread, str]:
    """Serve on loopback from a thread; the server, its thread and its address."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(application, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    return server, thread, f"http://{HOST}:{listener.getsockname()[1]}"


def token_for(role: str) -> str:
    """Sign a token, as `earlyhelp token` does."""
    from serving.access import Role, issue_token, signing_key
    from serving.app import now
    from serving.settings import read_settings

    return issue_token("demonstration", Role(role), hours=8, key=signing_key(read_settings()), now=now())


def first_score(client: httpx2.Client) -> dict[str, Any]:
    """Fetch the score of the child whom the worklist shows first."""
    family = client.get("/v1/worklist").raise_for_status().json()["families"][0]
    child = family["children"][0]["child_id"]
    answer: dict[str, Any] = client.post("/v1/scores", json={"child_id": child}).raise_for_status().json()
    return answer


def say_in_words(answer: dict[str, Any]) -> None:
    """Print a score as a person can read it aloud."""
    tell("\nOne explained score, of an invented child:\n")
    tell(f"   {answer['meaning']}")
    place = f"{answer['rank']:,} of {answer['of']:,} on the list of {answer['as_of']}"
    tell(f"   Band: {answer['band']}; {place}; model {answer['model_version']}.")
    for direction in ("raised", "lowered"):
        for reason in answer[direction][:MOST_REASONS]:
            tell(f"     {direction} the score: {reason['words']}")
    for gap in answer["gaps"][:MOST_REASONS]:
        tell(f"     not recorded: {gap}")


def record_one(client: httpx2.Client, engine: Any, answer: dict[str, Any], reason: str) -> None:
    """Record a decision over HTTP and verify the log."""
    from serving.decisions.log import verify

    decision = {"score_id": answer["score_id"], "decision": "offer_early_help", "reason": reason}
    client.post("/v1/decisions", json=decision).raise_for_status()
    tell(f"   the log verifies: {verify(engine)}")


def say_where(address: str) -> None:
    """Print the addresses to open and a token for the sign-in page."""
    tell(f"\nPages     {address}/\nAPI       {address}/docs\nSign in   {address}/sign-in")
    tell(f"\nA token for the sign-in page (triage, 8 hours):\n\n{token_for('triage')}\n")
    tell("Another role's: make token ROLE=auditor, or ROLE=data_scientist. Stop with Ctrl-C.")


def serve(source: Any, bundle: Any, choices: argparse.Namespace, listener: socket.socket) -> None:
    """Score the extract's day, serve, fetch one score over HTTP, and do as the choices say."""
    from serving.app import create_app
    from serving.database import open_database
    from serving.settings import read_settings

    with step("score everyone who could be helped on the extract's day, and serve"):
        settings = read_settings()
        engine = open_database(settings)
        application = create_app(settings, records=source, bundle=bundle, engine=engine)
        server, thread, address = serve_in_thread(application, listener)
        bearer = {"Authorization": f"Bearer {token_for('triage')}"}
        client = httpx2.Client(base_url=address, headers=bearer, timeout=60)
        answer = first_score(client)
    say_in_words(answer)
    try:
        if choices.picture:
            take_picture(address)
        if choices.once:
            with step("record a decision over HTTP and verify the log"):
                record_one(client, engine, answer, next(iter(bundle.manifest.plan.decisions.reasons)))
        else:
            say_where(address)
            thread.join()
    except KeyboardInterrupt:
        tell("\nstopping")
    finally:
        client.close()
        server.should_exit = True
        thread.join()
        engine.dispose()


def take_picture(address: str) -> None:
    """Make the README's picture of a case page."""
    from experiments.screenshots import picture_of_a_case

    with step("take a picture of a case page"):
        picture_of_a_case(address, token_for("triage"), PICTURE)


def main() -> int:
    """Walk the whole path; the exit code."""
    choices = arguments()
    listener = listen(choices.port)
    keep_libraries_at_home()
    started = time.perf_counter()
    source = invent(choices.children)
    records = check_and_read(source)
    build(records)
    bundle = train_and_release(records, source)
    tell(f"\nfrom nothing to a released model: {time.perf_counter() - started:.0f} s")
    serve(records, bundle, choices, listener)
    return 0


if __name__ == "__main__":
    sys.exit(main())
