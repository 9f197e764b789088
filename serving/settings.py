"""What whoever runs the service sets: environment variables that begin with `EARLYHELP_`.

Nothing here changes a score. Secrets are never printed.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from features.vocabulary.errors import WrongUsageError

# RFC 7518 3.2: a key of HS256 is at least as long as its hash, 256 bits.
SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """How this service runs.

    Parameters
    ----------
    environment
        `development` makes its own signing key, embedded PostgreSQL and tokens; `production` makes none of
        them.
    database_url
        The service's own PostgreSQL; unset means embedded, for demonstration and tests alone.
    owner_database_url
        The same database as its owner, for migrations; unset means that whoever `database_url` names migrates
        it.
    token_secret
        The key that signs tokens, at least 32 characters; unset means a key of this machine's own under the
        home folder.
    """

    model_config = SettingsConfigDict(env_prefix="EARLYHELP_", frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Literal["development", "production"] = "development"
    database_url: SecretStr | None = None
    owner_database_url: SecretStr | None = None
    token_secret: SecretStr | None = Field(default=None, min_length=SHORTEST_SECRET)

    @property
    def is_development(self) -> bool:
        """Whether this is somebody's own machine, with invented families."""
        return self.environment == "development"


def read_settings() -> Settings:
    """Read the settings of this process and check that they go together.

    Raises
    ------
    WrongUsageError
        When a setting is not allowed, or the database or the secret is missing outside development.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        names = sorted({f"EARLYHELP_{str(problem['loc'][0]).upper()}" for problem in error.errors()})
        raise WrongUsageError(
            f"Not allowed: the value of {', '.join(names)}. EARLYHELP_ENVIRONMENT is development or "
            f"production, EARLYHELP_TOKEN_SECRET has at least {SHORTEST_SECRET} characters.",
            hint="Correct the environment variables named above.",
        ) from None
    missing = _missing_outside_development(settings)
    if missing:
        raise WrongUsageError(
            f"Outside development the service needs {' and '.join(missing)}.",
            hint="Set them, or EARLYHELP_ENVIRONMENT=development to try it with invented families.",
        )
    return settings


def check_development(settings: Settings) -> None:
    """Refuse what is for local development alone.

    Raises
    ------
    WrongUsageError
        Outside development.
    """
    if not settings.is_development:
        raise WrongUsageError(
            "Tokens are printed for local development alone.",
            hint="Outside development people sign in with their authority's identity provider.",
        )


def _missing_outside_development(settings: Settings) -> list[str]:
    if settings.is_development:
        return []
    needed = {
        "EARLYHELP_DATABASE_URL": settings.database_url,
        "EARLYHELP_TOKEN_SECRET": settings.token_secret,
    }
    return [name for name, value in needed.items() if value is None]
