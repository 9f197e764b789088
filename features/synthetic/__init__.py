"""Invented families, their needs and the services that meet them, written as a case system would export them.

Path: `profiles` says which authority and `planted` which unfairness; `families` invents who lives there; `needs` and
`services` say how likely each thing is in a month and `chain` lays that out as tables; `lives` draws from the tables,
`population` block by block until enough children are known; `record_*` write what a worker would have recorded,
`entry` and `dirt` make that record late and imperfect; `values` and `truth` add the same tables up, `outcomes` says of
whom what is asked, `ceiling` how well any score could do; `simulate` and `write_truth` write it all, and
`formats` puts the same records into the other kinds of source. No forename, surname or other name is
ever made.
"""

from features.synthetic.simulate import simulate

__all__ = ["simulate"]
