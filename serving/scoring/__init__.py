"""A day's scores, and each score that somebody was shown.

Path: `day` scores everybody who could be scored on a day, `answers` says one child's score in plain words,
`shown` keeps each answer as it was shown, `service` joins them, `routes` are their HTTP. It decides nothing.
"""
