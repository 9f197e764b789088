"""Every kind of thing that can be wrong, or odd, in a source: how grave it is, what it means, and what mends it.

The simulator's ledger of traps uses the same names. A kind's severity is that of a cell that could be used all the
same; where its value could not be used, the cell or its row is set aside, whatever the kind. Knows no table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is, gravest first."""

    stops = "stops"
    sets_aside = "sets_aside"
    warns = "warns"
    notes = "notes"


@dataclass(frozen=True)
class FindingKind:
    """One kind of finding.

    Parameters
    ----------
    severity
        Of a cell that could be used all the same.
    reason
        What it means, with what is allowed; completes "column: …".
    mend
        What whoever makes the extract can do, as one sentence.
    """

    severity: Severity
    reason: str
    mend: str


_ASIDE, _WARNS, _NOTES = Severity.sets_aside, Severity.warns, Severity.notes
_AS_ISO = "Nothing has to be done; writing days as 2024-03-31 leaves no doubt."
_AS_CODES = "Nothing has to be done; exporting the bare code leaves no doubt."
_AS_STANDARD = "Nothing has to be done; the standard's own form leaves no doubt."

KINDS: dict[str, FindingKind] = {
    "unparsable_date": FindingKind(
        _ASIDE,
        "not a date; allowed are 2024-03-31, 31/03/2024, 31 Mar 2024 and Excel's day numbers",
        "Correct the day in the case system; it does not exist or is not a day.",
    ),
    "date_day_or_month_first": FindingKind(
        _ASIDE,
        "a day that may begin with the day or the month, among days that can only begin with the month",
        "Export days as 2024-03-31; some of the column was written month first.",
    ),
    "header_or_total": FindingKind(
        _ASIDE,
        "no row but a header, a rule, a total or a count of rows",
        "Export the table by itself, without headers between its parts or sums beneath it.",
    ),
    "unparsable_flag": FindingKind(
        _ASIDE,
        "neither yes nor no; allowed are Y/N, 1/0, true/false, a) Yes",
        "Export yes and no as Y and N.",
    ),
    "unparsable_number": FindingKind(
        _ASIDE, "not a number, or outside its bounds", "Correct the number in the case system."
    ),
    "unparsable_postcode": FindingKind(_ASIDE, "not a full postcode", "Complete the postcode in the case system."),
    "unknown_code": FindingKind(
        _ASIDE,
        "not in the official list of codes, wholly or in part",
        "Map the local code to the official list where the extract is made.",
    ),
    "code_cut": FindingKind(
        _ASIDE,
        "a local word cut to four characters, so that no code can be told",
        "Map the local words to official codes before the column cuts them.",
    ),
    "implausible_date": FindingKind(
        _ASIDE, "before 1901, as databases write for no date", "Leave the cell empty where there is no date."
    ),
    "date_after_extract": FindingKind(
        _ASIDE,
        "later than the last day that the records speak of; a planned day, more than two years later",
        "Correct the year in the case system; leave the cell empty where there is no date.",
    ),
    "end_before_start": FindingKind(
        _ASIDE, "an end that lies before its start", "Correct the start or the end in the case system."
    ),
    "date_before_birth": FindingKind(
        _ASIDE,
        "more than 280 days before the child's birth",
        "Correct the day, or the child's date of birth; two persons' records may be joined.",
    ),
    "orphan": FindingKind(
        _ASIDE,
        "points to a row that is not there, or was set aside",
        "Ask why the rows that are pointed to are not in the extract.",
    ),
    "zeros_lost": FindingKind(
        _ASIDE,
        "an id whose leading zeros are lost, so that it points nowhere or to somebody else",
        "Keep ids as text wherever the extract is opened or saved; spreadsheets drop the zeros.",
    ),
    "early_help_child_left_out": FindingKind(
        _ASIDE,
        "of a child with early help alone, who is not in ssd_person",
        "Switch on children with early help alone when ssd_person is made.",
    ),
    "missing_value": FindingKind(
        _ASIDE, "no value in a column that a row cannot do without", "Complete the column in the case system."
    ),
    "repeated_key": FindingKind(
        _ASIDE,
        "the key stands in an earlier row too; the first is kept",
        "Find why rows repeat; often a join in the extract multiplies them.",
    ),
    "column_missing": FindingKind(
        _WARNS,
        "the table lacks a column that it cannot do without, and is left unread",
        "Ask for the column to be put in the extract.",
    ),
    "code_retired": FindingKind(
        _WARNS,
        "a code after its last collection year; it is used as it is",
        "Move the local list on to this year's codes.",
    ),
    "code_not_yet_valid": FindingKind(
        _WARNS,
        "a code before its first collection year; it is used as it is",
        "Check the day of the row, or whether old records were recoded.",
    ),
    "date_after_death": FindingKind(
        _WARNS,
        "begins after the day of the child's death; it is used as it is",
        "Check the day of death, and whose record it is.",
    ),
    "placeholder": FindingKind(
        _NOTES, "a placeholder of the extract, taken as missing", "Fill the column from the case system, if it can."
    ),
    "date_day_first": FindingKind(_NOTES, "a day written day first, read so", _AS_ISO),
    "date_day_first_with_time": FindingKind(_NOTES, "a day written day first with a time, read so", _AS_ISO),
    "date_without_time": FindingKind(_NOTES, "a day without a time among days with one, read so", _AS_ISO),
    "date_excel_serial": FindingKind(_NOTES, "a day as Excel counts days, read so", _AS_ISO),
    "date_in_another_form": FindingKind(_NOTES, "a day in another form than 2024-03-31, read so", _AS_ISO),
    "flag_in_words": FindingKind(_NOTES, "yes or no in words, read so", _AS_STANDARD),
    "flag_as_number": FindingKind(_NOTES, "1 or 0 for yes or no, read so", _AS_STANDARD),
    "flag_as_true_false": FindingKind(_NOTES, "true or false for yes or no, read so", _AS_STANDARD),
    "code_prefixed": FindingKind(_NOTES, "a code with a letter or its meaning beside it, read so", _AS_CODES),
    "code_in_words": FindingKind(_NOTES, "a code by its meaning or another spelling, read so", _AS_CODES),
    "code_as_lookup_id": FindingKind(
        _NOTES,
        "a number of the case system's own in place of a code; read by the description beside it",
        "Export the official code in place of the lookup's number.",
    ),
    "chinese_otherwise": FindingKind(_NOTES, "another code for Chinese, read as CHNE", _AS_CODES),
    "sex_in_numbers": FindingKind(_NOTES, "sex as a number, as before 2025, read so", _AS_CODES),
    "category_as_text": FindingKind(_NOTES, "a category of abuse in words, read so", _AS_CODES),
    "factors_as_flags": FindingKind(_NOTES, "factors as flags in place of a list, read so", _AS_STANDARD),
    "factors_as_pairs": FindingKind(_NOTES, "factors as keys and values in place of a list, read so", _AS_STANDARD),
    "codes_in_a_row": FindingKind(_NOTES, "codes in a row without JSON, read so", _AS_STANDARD),
    "outcome_broken_by_comment": FindingKind(
        _NOTES,
        "JSON that a comment broke; what could be told was read",
        "Escape quotation marks in comments, or leave comments out.",
    ),
    "born_and_unborn": FindingKind(
        _NOTES,
        "an expected day of birth beside a day of birth; the child is taken as born",
        "Leave the expected day empty once a child is born.",
    ),
    "columns_in_upper_case": FindingKind(_NOTES, "headers in upper case, read so", "Nothing has to be done."),
    "columns_reordered": FindingKind(
        _NOTES, "columns in another order than the standard's, read by their names", "Nothing has to be done."
    ),
}
"""By name."""


UNREADABLE: dict[str, str] = {
    "date": "unparsable_date",
    "flag": "unparsable_flag",
    "number": "unparsable_number",
    "postcode": "unparsable_postcode",
    "code": "unknown_code",
    "codes": "unknown_code",
}
"""The kind of finding where a cell cannot be read, by what the contract reads it as; an address always can."""
