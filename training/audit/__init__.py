"""For whom a score works, and how sure that is: measures by group, with intervals, from a table and no model.

Path: `intake` checks a table, `counts` turns rows into tallies by group and threshold, `groups` measures with
`statistics`, `disclosure` withholds small numbers, `comparisons` and `verdicts` judge, `sections` says what stands
beside, `audit` leads through and writes, `report` tells it in words. Apart from the score: `practice` (who is offered
help, what people decide) and `trial` (what records and outcome leave open). It imports no model: the code that decides
on a release also watches the service.
"""

from training.audit.audit import Audit, audit_cells_file, audit_file, audit_table, write_audit
from training.audit.counts.cells_in import CellsAsked
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
