"""Distance travelled on the scales of assessment tools: risks that fell by a quarter, strengths that grew.

A scale counts in a window where it was last used in it; its first use may lie further back
(`features.indicators.distance`). Scales are never added up, only counted: on how many things stand better. A change is
what was scored, not proof of what changed.
"""

from __future__ import annotations

from functools import partial

from features.indicators.conditions import (
    TWELVE_MONTHS,
    Condition,
    all_of,
    equals,
    is_at_least,
    is_at_most,
    is_in,
    is_known,
    speaks_of,
    within,
)
from features.indicators.declaration import LOCAL, MAY_ENDANGER, TELLS_OF_OTHERS, Domain, Indicator, Polarity
from features.indicators.distance import HIGHER_IS_BETTER, LOWER_IS_BETTER
from features.indicators.measures import any_row_among, count
from features.indicators.streams import SCALES
from features.vocabulary.theory_of_change import Aim

A_QUARTER = "Institute of Public Care 2016, Newport: specific risks of a family cut by at least 25%"
STAR = "Family Star: 7 and above is finding what works, up to 10; local judgement"
CANS = "Child and Adolescent Needs and Strengths: 0 or 1 is a strength to build on; local judgement"

# On the Family Star's journey of change from 1 to 10, the steps 7 to 10.
STAR_IS_HIGH = 7
# On the scales of strengths of that tool, 0 is at the centre of a plan and 1 of use in it.
CANS_IS_STRENGTH = 1
# The tool's own scales of strengths; what it asks of religion and culture is never read.
CANS_STRENGTHS = (
    r"^(family( strengths)?|interpersonal|optimism|educational( setting)?|vocational|talents?|interests?|"
    r"talents?.*interests?|community life|relationship permanence|resilien(ce|cy)|resourcefulness|natural supports)$"
)
# Authorities' own words for scales of a specific risk; there is no national list.
DOMESTIC_ABUSE, SUBSTANCES = r"domestic|violence", r"substance|alcohol|drug"
PARENTS_MIND = r"parent.*(mental|emotional|well-?being)|mental.*parent"

_again = all_of(within("latest_day", TWELVE_MONTHS), is_known("is_better"))
_lately = within("latest_day", TWELVE_MONTHS)
_risk, _strength = is_in("direction", LOWER_IS_BETTER), is_in("direction", HIGHER_IS_BETTER)
_risk_again = all_of(_lately, _risk, is_known("is_better_by_a_quarter"))
_fell = equals("is_better_by_a_quarter", 1)
_of_family, _of_child = is_in("subject", "family"), is_in("subject", "child")
_star = all_of(_lately, speaks_of("tool", r"\bstar\b"), _strength)
_cans = all_of(_lately, speaks_of("tool", "cans|needs and strengths"), speaks_of("scale", CANS_STRENGTHS), _risk)

_scale = partial(
    Indicator,
    table=SCALES,
    domain=Domain.STRENGTHS,
    polarity=Polarity.RESILIENCE,
    unit="ratio",
    window_days=TWELVE_MONTHS,
    zero_when_no_row=False,
    missing_is_gap=False,
    missing="no scale was used for a second time or more in the last 12 months",
    evidence=A_QUARTER,
    aim=Aim.LESS_RISK_MORE_RESILIENCE,
)
_flag = partial(_scale, unit="flag")
_count = partial(
    _scale, unit="count", zero_when_no_row=True, missing="scales of assessment tools are not recorded here"
)


def _risk_fell(words: str) -> tuple[Condition, Condition]:
    return all_of(_risk_again, speaks_of("scale", words)), _fell


_RISKS: tuple[Indicator, ...] = (
    _flag(
        name="has_risk_scale_fallen_by_a_quarter_last_12_months",
        expression=any_row_among(_risk_again, _fell),
        sentence="a scale on which fewer points are better has fallen by a quarter or more since it was first used",
        absent="no record that a scale on which fewer points are better has fallen by a quarter",
        missing="no scale on which fewer points are better was used again in the last 12 months",
        for_families="whether a difficulty scored again in the last 12 months is a quarter less, or better still",
    ),
    _count(
        name="risk_scales_fallen_by_a_quarter_last_12_months",
        expression=count(all_of(_risk_again, _fell)),
        sentence="{value} [scale|scales] on which fewer points are better fell by a quarter or more since first used",
        absent="no record of a scale on which fewer points are better that fell by a quarter",
        for_families="how many difficulties scored again in the last 12 months are a quarter less, or better still",
    ),
    _scale(
        name="share_of_risk_scales_fallen_by_a_quarter_last_12_months",
        expression=count(all_of(_risk_again, _fell)),
        per=count(_risk_again),
        sentence="{value} of the scales on which fewer points are better fell by a quarter or more since first used",
        absent="no record of a scale on which fewer points are better that fell by a quarter",
        missing="no scale on which fewer points are better was used again in the last 12 months",
        for_families="what share of difficulties scored again in the last 12 months is a quarter less, or better",
    ),
    _flag(
        name="has_domestic_abuse_scale_fallen_by_a_quarter_last_12_months",
        expression=any_row_among(*_risk_fell(DOMESTIC_ABUSE)),
        sentence="the scale of domestic abuse has fallen by a quarter or more since it was first used",
        absent="no record that the scale of domestic abuse has fallen by a quarter",
        missing="no scale of domestic abuse was used again in the last 12 months",
        for_families="whether what was scored of domestic abuse is a quarter less, or better still",
        not_for_families=MAY_ENDANGER,
    ),
    _flag(
        name="has_substance_scale_fallen_by_a_quarter_last_12_months",
        expression=any_row_among(*_risk_fell(SUBSTANCES)),
        sentence="the scale of alcohol or drug use has fallen by a quarter or more since it was first used",
        absent="no record that the scale of alcohol or drug use has fallen by a quarter",
        missing="no scale of alcohol or drug use was used again in the last 12 months",
        for_families="whether what was scored of alcohol or drug use is a quarter less, or better still",
        not_for_families=TELLS_OF_OTHERS,
    ),
    _flag(
        name="has_parental_mental_health_scale_fallen_by_a_quarter_last_12_months",
        expression=any_row_among(*_risk_fell(PARENTS_MIND)),
        sentence="the scale of a parent's mental ill health has fallen by a quarter or more since it was first used",
        absent="no record that the scale of a parent's mental ill health has fallen by a quarter",
        missing="no scale of a parent's mental ill health was used again in the last 12 months",
        for_families="whether what was scored of a parent's mental ill health is a quarter less, or better still",
        not_for_families=TELLS_OF_OTHERS,
    ),
)

_STRENGTHS: tuple[Indicator, ...] = (
    _scale(
        name="share_of_family_star_steps_high_last_12_months",
        expression=count(all_of(_star, is_at_least("latest", STAR_IS_HIGH))),
        per=count(_star),
        sentence="on {value} of the points of the Family Star the family stands at 7 to 10",
        absent="no record of a point of the Family Star at 7 to 10",
        missing="no Family Star was filled in within the last 12 months",
        evidence=STAR,
        for_families="on how large a share of the points of the Family Star you stand at 7 to 10",
    ),
    _scale(
        name="share_of_cans_strengths_to_build_on_last_12_months",
        expression=count(all_of(_cans, is_at_most("latest", CANS_IS_STRENGTH))),
        per=count(_cans),
        sentence="{value} of the strengths asked about in the CANS tool are there to build on",
        absent="no record in the CANS tool of a strength to build on",
        missing="the strengths of the CANS tool were not asked about in the last 12 months",
        evidence=CANS,
        for_families="what share of the strengths asked about in the CANS tool is there to build on",
    ),
    _count(
        name="strength_scales_risen_last_12_months",
        expression=count(all_of(_again, _strength, equals("is_better", 1))),
        sentence="{value} [scale|scales] on which more points are better rose since first used",
        absent="no record of a scale on which more points are better that rose",
        evidence=LOCAL,
        for_families="how many strengths scored again in the last 12 months have grown",
    ),
    _scale(
        name="share_of_strength_scales_risen_last_12_months",
        expression=count(all_of(_again, _strength, equals("is_better", 1))),
        per=count(all_of(_again, _strength)),
        sentence="{value} of the scales on which more points are better rose since first used",
        absent="no record of a scale on which more points are better that rose",
        missing="no scale on which more points are better was used again in the last 12 months",
        evidence=LOCAL,
        for_families="what share of strengths scored again in the last 12 months has grown",
    ),
)

_WAY: tuple[Indicator, ...] = (
    _scale(
        name="share_of_scales_of_family_better_last_12_months",
        expression=count(all_of(_again, _of_family, equals("is_better", 1))),
        per=count(all_of(_again, _of_family)),
        sentence="{value} of the scales used again of the family are better than when first used",
        absent="no record of a scale of the family that is better than when first used",
        missing="no scale of the family was used again in the last 12 months",
        evidence=LOCAL,
        for_families="what share of what we scored again with your family in the last 12 months is better",
        aim=Aim.WHOLE_FAMILY,
    ),
    _scale(
        name="share_of_scales_of_child_better_last_12_months",
        expression=count(all_of(_again, _of_child, equals("is_better", 1))),
        per=count(all_of(_again, _of_child)),
        sentence="{value} of the scales used again of the child are better than when first used",
        absent="no record of a scale of the child that is better than when first used",
        missing="no scale of the child was used again in the last 12 months",
        evidence=LOCAL,
        for_families="what share of what we scored again for your child in the last 12 months is better",
    ),
    _scale(
        name="share_of_scales_worse_last_12_months",
        expression=count(all_of(_again, equals("is_worse", 1))),
        per=count(_again),
        polarity=Polarity.RISK,
        sentence="{value} of the scales used again are worse than when first used",
        absent="no record of a scale that is worse than when first used",
        evidence=LOCAL,
        for_families="what share of what we scored again in the last 12 months is worse than when first scored",
    ),
    _count(
        name="scales_used_again_last_12_months",
        expression=count(_again),
        polarity=Polarity.CONTEXT,
        sentence="{value} [scale|scales] used for a second time or more, so that a change can be told",
        absent="no record of a scale used for a second time, so no change can be told",
        evidence=LOCAL,
        for_families="how many things we scored with you for a second time or more in the last 12 months",
    ),
)

SCALES_TRAVELLED: tuple[Indicator, ...] = (*_RISKS, *_STRENGTHS, *_WAY)
