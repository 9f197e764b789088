"""The aims that the partnerships with families work towards: the Theory of Change, in its own five lines.

An indicator names the aim that it bears on, so that nobody counts what serves none.
"""

from enum import StrEnum


class Aim(StrEnum):
    """What is to become of it, for children and families."""

    SAFELY_AT_HOME = "fewer children, safely, in care, in proceedings or with a child protection plan"
    HELP_IN_TIME = "help that bridges universal and specialist services, so that more is not needed"
    LESS_RISK_MORE_RESILIENCE = "specific risks of a family cut by a quarter or more, and more resilience"
    TAKING_PART = "children and families take part in decisions about themselves"
    WHOLE_FAMILY = "the whole family: parents, carers, brothers and sisters as well as the child"
