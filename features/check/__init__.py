"""Checking a source for whoever made the extract: will these records do, what is wrong with them, and where.

Path: `check` runs it, `report` sums up what was found, `quarantine` keeps what could not be used. Reads validated
records and findings; knows no indicator's values and no model. Counts only: never a cell, a name or an id, but in the
quarantine.
"""
