"""Published figures beside what comes out of an invented authority, for each profile.

Path: `figures` reads the targets and the tolerances that `plan.toml` fixed before any result, `authority` reads a
simulation, one module for each theme measures it, `report` lays target and achieved value side by side, and
`__main__` runs it. Nothing in here is read by the simulator: a figure is a target, never an input.
"""
