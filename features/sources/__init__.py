"""Reading sources as they are: every cell still text, under the source's own headers in lower case.

Path: `ssd` reads a folder of Standard Safeguarding Dataset tables, `text_files` reads one file. Knows how files are
written and what a table is called; not what a cell means.
"""
