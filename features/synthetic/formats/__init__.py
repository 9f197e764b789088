"""The invented records as the other sources that an authority may hold.

Path: `writing` chooses, and a file for each format writes it; `annex_a_*` and `return_*` say what lists and returns
hold.
"""
