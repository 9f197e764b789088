"""A decision in words and shapes: what a person sends and gets back, and what an auditor may read of it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

# A page of a case note; longer writing belongs in the case system.
LONGEST_NOTE = 4_000
LONGEST_CODE = 100


class Decided(StrEnum):
    """What a person decided to do next."""

    OFFER_EARLY_HELP = "offer_early_help"
    KEEP_CURRENT_HELP = "keep_current_help"
    REFER_TO_SOCIAL_CARE = "refer_to_social_care"
    NO_FURTHER_ACTION = "no_further_action"
    NEED_MORE_INFORMATION = "need_more_information"


DECISION_WORDS: Mapping[Decided, str] = {
    Decided.OFFER_EARLY_HELP: "Offer early help",
    Decided.KEEP_CURRENT_HELP: "Keep the help there is",
    Decided.REFER_TO_SOCIAL_CARE: "Refer to social care",
    Decided.NO_FURTHER_ACTION: "No further action",
    Decided.NEED_MORE_INFORMATION: "More information is needed",
}


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a character that cannot be stored")
    return text


Code = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CODE), AfterValidator(_storable)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE), AfterValidator(_storable)]


class DecisionDraft(BaseModel):
    """What a person decided on a score they were shown.

    Notes may hold personal data: they are kept in the database and never written to a log file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    score_id: Code
    decision: Decided
    reason: Code = Field(description="A code of the plan's list")
    note: Note | None = None
    family_view: Note | None = Field(default=None, description="What the child and the family say of it")


class DecisionReceipt(BaseModel):
    """A decision as it stands in the log."""

    model_config = ConfigDict(frozen=True)

    position: int = Field(ge=1, description="Its place in the log, from 1")
    score_id: str
    decision: Decided
    reason: str
    note: str | None
    family_view: str | None
    decided_by: str
    decided_at: datetime
    entry_hash: str


class LogLine(BaseModel):
    """What an auditor reads of a decision: no child, no family, no score's id, no name and no note."""

    model_config = ConfigDict(frozen=True)

    position: int
    decided_on: date
    role: str
    decision: Decided
    reason: str
    as_of: date
    band: str
    model_version: str
    has_note: bool
    has_family_view: bool
    previous_hash: str
    entry_hash: str


class LogPage(BaseModel):
    """A page of the log, oldest first, with the head of the whole."""

    model_config = ConfigDict(frozen=True)

    count: int = Field(description="Entries in the whole log")
    head: str = Field(description="Hash of the newest entry")
    entries: list[LogLine]
