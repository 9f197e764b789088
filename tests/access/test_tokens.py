"""Which tokens open the service, and which do not."""

from __future__ import annotations

import stat
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from features.vocabulary.errors import NotSignedInError, WrongUsageError
from serving.access import Person, Role, issue_token, read_token, signing_key
from serving.settings import Settings, check_development, read_settings
from tests.serving_fixtures import KEY, NOW, token, visitor

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

CLAIMS: dict[str, Any] = {
    "sub": "A",
    "role": "auditor",
    "iss": "earlyhelp",
    "aud": "earlyhelp-service",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 60,
}
OTHER_KEY = "a key that somebody else thought of, just as long as ours"


def test_a_token_says_who_and_in_which_role() -> None:
    given = issue_token("Wiebke Worker", Role.TRIAGE, hours=1, key=KEY, now=NOW)
    assert read_token(given, key=KEY, now=NOW) == Person("Wiebke Worker", Role.TRIAGE)


@pytest.mark.parametrize("nobody", ["", "  ", "A\x00", "\ud800"])
def test_no_token_is_signed_for_nobody(nobody: str) -> None:
    with pytest.raises(WrongUsageError, match="for whom"):
        issue_token(nobody, Role.TRIAGE, hours=1, key=KEY, now=NOW)


def test_a_token_holds_until_its_hour_and_not_a_second_longer() -> None:
    given = token(hours=1)
    last_second = NOW + timedelta(seconds=3599)
    assert read_token(given, key=KEY, now=last_second).role is Role.TRIAGE
    with pytest.raises(NotSignedInError, match="has run out"):
        read_token(given, key=KEY, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize("missing", sorted(CLAIMS))
def test_a_token_that_lacks_a_claim_is_refused(missing: str) -> None:
    lacking = jwt.encode({k: v for k, v in CLAIMS.items() if k != missing}, KEY, algorithm="HS256")
    with pytest.raises(NotSignedInError, match="not ours"):
        read_token(lacking, key=KEY, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "director"},
        {"role": None},
        {"iss": "elsewhere"},
        {"aud": "another-service"},
        {"iat": int(NOW.timestamp()) + 3600},
        {"exp": "never"},
        {"sub": ""},
        {"sub": " "},
        {"sub": "A\x00"},
        {"sub": "\ud800"},
    ],
    ids=str,
)
def test_a_token_with_a_claim_that_is_not_ours_is_refused(wrong: dict[str, Any]) -> None:
    forged = jwt.encode({**CLAIMS, **wrong}, KEY, algorithm="HS256")
    with pytest.raises(NotSignedInError, match="not ours"):
        read_token(forged, key=KEY, now=NOW)


def test_a_token_signed_by_somebody_else_is_refused() -> None:
    with pytest.raises(NotSignedInError, match="not ours"):
        read_token(jwt.encode(CLAIMS, OTHER_KEY, algorithm="HS256"), key=KEY, now=NOW)


def test_a_token_that_nobody_signed_is_refused() -> None:
    with pytest.raises(NotSignedInError, match="not ours"):
        read_token(jwt.encode(CLAIMS, None, algorithm="none"), key=KEY, now=NOW)


def test_a_wrong_bearer_token_is_not_made_good_by_a_cookie(service: FastAPI) -> None:
    somebody = visitor(service)
    somebody.cookies.set("earlyhelp_session", token())
    assert somebody.get("/v1/worklist", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_the_key_of_a_development_machine_is_made_once_and_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARLYHELP_HOME", str(tmp_path))
    key = signing_key(Settings())
    assert (len(key) >= 32, signing_key(Settings())) == (True, key)
    assert stat.S_IMODE((tmp_path / "token.key").stat().st_mode) == 0o600


def test_outside_development_the_database_and_the_secret_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARLYHELP_ENVIRONMENT", "production")
    with pytest.raises(WrongUsageError, match="EARLYHELP_DATABASE_URL and EARLYHELP_TOKEN_SECRET"):
        read_settings()


def test_outside_development_no_key_is_made_and_no_token_printed() -> None:
    production = Settings(environment="production")
    with pytest.raises(WrongUsageError, match="no signing key"):
        signing_key(production)
    with pytest.raises(WrongUsageError, match="local development alone"):
        check_development(production)


def test_a_secret_that_is_too_short_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARLYHELP_TOKEN_SECRET", "hunter2")
    with pytest.raises(WrongUsageError, match="the value of EARLYHELP_TOKEN_SECRET") as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)
