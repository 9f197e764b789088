"""From facts to a released model.

Path: `splits` lays out the origins, `learners` fits few permitted kinds, `calibrate` makes scores mean frequencies,
`audit` asks for whom it works, `registry` tracks, gates and releases.
"""
