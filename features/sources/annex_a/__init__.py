"""The Annex A workbook: eleven lists that inspectors ask for, by number or name, their headers by pattern.

Path: `opening` refuses what must not be opened; `workbook` finds lists and headers; `lists` and `care_lists` declare,
in words of `asked`, what each list asks and where it goes; `children` and `cases` join what several lists say;
`reading` does it all.
"""
