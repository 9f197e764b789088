"""Checking a source for whoever made the extract: will these records do, what is wrong with them, and where.

Path: `check` runs it; `report` sums up, one file a section (`coverage`, `events`, `completeness`, `delay`, `found`,
`characteristics`, `effects`), and `mending` ranks what to do first; `words` says it on a terminal, `page` as HTML;
`quarantine` keeps what could not be used, and `compare` looks at an earlier extract. Reads validated records and
findings, and what indicators declare; knows no indicator's values and no model. Counts only: never a cell, a name or an
id, but in the quarantine.
"""
