"""What moved a score, in the words a front-door worker uses.

Path: `reasons` turns contributions into what raised and what lowered the score and what is not recorded;
`on_record` says what is shown and never scored; `domains` adds contributions up by domain of family life;
`words` says scores, intervals, ranks and days. Pure functions: nothing here reads a table, a model or a
request. A contribution says what moved the score, never what causes harm.
"""

from serving.explanations.domains import DomainSum, by_domain
from serving.explanations.on_record import ONLY_SHOWN, also_on_record
from serving.explanations.reasons import Explanation, Reason, explain

__all__ = ["ONLY_SHOWN", "DomainSum", "Explanation", "Reason", "also_on_record", "by_domain", "explain"]
