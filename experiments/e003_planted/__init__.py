"""Authorities in which unfairness was planted, or none: whether the audit finds it, and only where it is.

Path: `authorities` simulates one authority after another and deletes it again, `model` is trained once and scores them,
`truth` says which gaps that model really has, `nothing_planted` holds audits against them, `estimators` finds what was
planted, `bounds` what can only be bounded; `report` writes what came out, and `__main__` runs it.
"""
