"""Invented families, their needs and the services that meet them, written as a case system would export them.

Path: `profiles` says which authority, `families` invents who lives there, `needs` moves needs and strengths month by
month, `services` says how services respond, `lives` lets the months pass, `record_*` write what a worker would have
recorded, `entry` and `dirt` make that record late and imperfect, `truth` keeps what no extract ever tells, and
`simulate` writes it all. No forename, surname or other name is ever made.
"""

from features.synthetic.simulate import simulate

__all__ = ["simulate"]
