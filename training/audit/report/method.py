"""How to read the report and check it: symbols, methods and where they come from, and the design effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.audit.report import words as words
from training.audit.report.blocks import Block, Cell, Row, Section, Words, table
from training.audit.report.evidence import no_household
from training.audit.report.groups import AT_CUT_OFF, BY_SCORE
from training.audit.settings import MEASURE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERNAL = "groups under 5 children"
PUBLISHED = (
    "counts, or their complements, under 10 children, and figures that would give these back; counts are rounded to 5, "
    "values to two decimals"
)


def method_section(audit: Mapping[str, Any]) -> Section:
    """Say how figures were made.

    Parameters
    ----------
    audit
        What `audit.json` holds.

    Returns
    -------
    Section
        Ends with the design effects, folded.
    """
    settings = audit["settings"]
    withheld = INTERNAL if settings["disclosure"] == "internal" else PUBLISHED
    sentences = [
        f"[c] is withheld, so that no child can be recognised or worked out ({withheld}). [z] is not defined for "
        "these rows; audit.json says why. [b] comes from score bins, and is only nearly right.",
        "Under each rate stand its own numerator and denominator, in rows. Under ranking and calibration stand the "
        "rows with the outcome, and all rows. Every figure stands in audit.csv too.",
        "False negative and true negative rates are 100% less the true positive and false positive rates; they stand "
        "in audit.json. Precision, average precision and the Brier score depend on how common the outcome is, and are "
        "not compared between groups.",
        *_statistics(settings),
        "Verdicts: Bonferroni over every measure with a tolerance in every group; a characteristic with two groups "
        "counts once, and one marked “not decisive” does not count. Measures with a verdict were named beforehand. No "
        "p-value and no test over all groups silences a verdict.",
        *_aside(settings),
    ]
    blocks: list[Block] = [Words(tuple(sentences), is_list=True), *_design_effects(audit)]
    return Section("method", "How to read and check this", tuple(blocks))


def _statistics(settings: Mapping[str, Any]) -> list[str]:
    """Name the statistics and their sources."""
    joined = "none were named: every row is taken as independent"
    if settings["child"] or settings["cluster"]:
        cluster = [f"“{settings['cluster']}”"] if settings["cluster"] else []
        joined = f"rows of the same {' or '.join([*(['child'] if settings['child'] else []), *cluster])}"
    return [
        f"Rates: Wilson's interval (1927) divided by the design effect of clusters ({joined}), at least 1 (Rao and "
        "Scott 1992), and widened by Student's t with eight degrees of freedom for each effective cluster, as coverage "
        "in simulations asked for. Differences: square and add (Newcombe 1998) with the correlation of shared "
        "clusters. Ratios: the same on the log scale.",
        "AUC: DeLong (1988) by cluster (Obuchowski 1997); across groups, Kallus and Zhou (2019). Calibration: sandwich "
        "variance by cluster (Van Calster 2016, 2019). Net benefit: Vickers and Elkin (2006).",
        "Tests over all groups: chi-square of homogeneity (Rao and Scott 1984), exchange of whole clusters where "
        "counts are small; adjusted by Benjamini and Hochberg (1995). Spread: the variance between groups less what "
        "chance adds (Lum and others 2022).",
        "Parts of a gap: Kitagawa (1955) and Shapley (1953). Borrowed shares: a beta-binomial model over the "
        "characteristics one by one; what is left to the intersection is as in MAIHDA.",
        "Not recorded: worst-case bounds from counts (Manski). The outcome on trial: counts with outcomes unseen put "
        "back, wherever they may lie.",
    ]


def _aside(settings: Mapping[str, Any]) -> list[str]:
    """Say what was done with odd values."""
    found = no_household(settings)
    if settings["clipped_scores"]:
        found.append(
            f"{words.counted(settings['clipped_scores'], 'score')} lay within one millionth of 0 or 1 and were held "
            "there for calibration."
        )
    return found


def _design_effects(audit: Mapping[str, Any]) -> list[Block]:
    """Give how many times larger variances are than with independent rows."""
    measures = (*AT_CUT_OFF, *BY_SCORE)
    rows = [
        Row(
            ("All", "Everybody")
            if entry["attribute"] is None
            else (words.label_of(entry["attribute"]), words.value_of(entry["group"])),
            tuple(
                Cell(f"{entry['design_effects'][name]:.2f}" if name in entry["design_effects"] else words.NONE)
                for name in measures
            ),
        )
        for entry in (audit["overall"], *audit["groups"])
    ]
    columns = ("Characteristic", "Group", *[MEASURE_NAMES[name] for name in measures])
    caption = "Design effects: how many times larger the variance is than with independent rows"
    return table(caption, columns, rows, is_folded=True)
