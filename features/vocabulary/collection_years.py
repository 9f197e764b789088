"""Collection years: 1 April to 31 March, as the statutory returns count them.

One is named after the calendar year in which it ends: 2022 began on 1 April 2021.
"""

FIRST_MONTH = 4
"""The calendar month on whose first day a collection year begins."""
