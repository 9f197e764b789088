"""Words that everyone shares: the ladder, codes, characteristics, errors and where the program writes.

Path: `errors` says who must act, `status` names the rungs, `codes` reads the official lists, `characteristics`
says what is audited and never scored, `home` is the one folder that holds everything written.
Standard library only: this package knows no table, no frame and no model.
"""
