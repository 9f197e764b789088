"""Every error raised on purpose, by who must act on it, each with the exit code of the command line.

A message says what is wrong, where (table, column, count) and what is allowed; then comes the hint. It never
holds a cell's value, a name or a child's id.
"""

from __future__ import annotations

from typing import ClassVar


class EarlyHelpError(Exception):
    """Something that a person can mend, said so that they can.

    Parameters
    ----------
    message
        What is wrong, where, and what is allowed. Never a row, a name or a child's id.
    hint
        What to do next, as one sentence.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nHint: {self.hint}"


class OutOfReachError(EarlyHelpError):
    """We, or whoever runs the machine: a database, MLflow or Spark does not answer, or is not installed."""

    exit_code = 1


class UnusableRecordsError(EarlyHelpError):
    """The data's owner: a table or column is missing, a file does not parse, or too much had to be set aside."""

    exit_code = 2


class RefusedError(EarlyHelpError):
    """The model's owner: a gate refuses, or there is no champion to score with."""

    exit_code = 3


class IntegrityError(EarlyHelpError):
    """The service's owner: a bundle or the log is not what it was when it was written."""

    exit_code = 4


class WrongUsageError(EarlyHelpError):
    """The caller: wrong usage, or a source, plan, run or column that does not exist."""

    exit_code = 64


class UnknownChildError(WrongUsageError):
    """The caller: no child of that id is in the records that are served."""


class NotInCohortError(WrongUsageError):
    """The caller: the child is known, and was not among those who could be scored on that day."""


class UnknownScoreError(WrongUsageError):
    """The caller: no score of that id was ever shown."""


class NotSignedInError(WrongUsageError):
    """The caller: no role was shown, or the token is not ours or has run out."""


class NotAllowedError(WrongUsageError):
    """The caller: signed in, and this is for another role, or the form was not one of ours."""
