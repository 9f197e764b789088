"""Reading sources as they are: every cell still text, in tables of the Standard Safeguarding Dataset.

Path: `recognise` tells a source by what it holds; `text_files` reads a file of rows and columns, and `ssd`, `ssda903`
and `wales` say what such files are; `annex_a`, `cin_census`, `dfe_api` and `database` read a source each; all give
`raw.RawTables`. Knows how sources are written and which column goes where; not what a cell must be to be used.
"""
