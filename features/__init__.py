"""Facts: from raw records to what was known about a child on a day. Knows no model.

Path: `sources` reads text, `tables` coerces and checks it, `as_of` is the only door, `cohort` says who could have
been scored, `indicators` describes each child, `outcomes` says what happened afterwards.
"""
