"""Reading records as a plan says: how much may be set aside, and which of several sources wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.tables.load import load_records

if TYPE_CHECKING:
    from features.tables.records import Records
    from training.registry.plan import RecordsRule


def load_as_planned(source: str, rule: RecordsRule) -> Records:
    """Read and validate a source for training or scoring; see `features.tables.load.load_records`.

    Parameters
    ----------
    source
        A folder or file of records, or the URL of a database.
    rule
        Of the plan that the model was, or will be, trained by.
    """
    return load_records(source, max_set_aside=rule.max_set_aside, first_wins=rule.first_wins)
