"""For whom a score works, and how sure that is: measures by group, with intervals, from a table and no model.

Path: `intake` checks a table, `groups` chooses rows and `measures` computes (with `intervals`, `ranking`,
`calibration`), `suppression` withholds small numbers, `verdicts` judges, `audit` leads through and writes,
`report` tells it in words. It imports no model: the code that decides on a release also watches the service.
"""

from training.audit.audit import Audit, audit_cells_file, audit_file, audit_table, write_audit
from training.audit.cells_in import CellsAsked
from training.audit.settings import AuditSettings
from training.audit.verdicts import Verdict

__all__ = [
    "Audit",
    "AuditSettings",
    "CellsAsked",
    "Verdict",
    "audit_cells_file",
    "audit_file",
    "audit_table",
    "write_audit",
]
