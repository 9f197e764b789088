"""What moved a score, in the words a front-door worker uses.

Path: `reasons` turns contributions into what raised and what lowered the score and what is not recorded;
`domains` adds them up by domain of family life; `words` says scores, intervals, ranks and days. Pure
functions: nothing here reads a table, a model or a request. A contribution says what moved the score,
never what causes harm.
"""

from serving.explanations.domains import DomainSum, by_domain
from serving.explanations.reasons import Explanation, Reason, explain

__all__ = ["DomainSum", "Explanation", "Reason", "by_domain", "explain"]
