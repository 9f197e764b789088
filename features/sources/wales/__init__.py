"""Two Welsh returns, in a layout of our own, for no public one was found: `../layouts/wales.csv` states it.

Path: `layout` reads the statement, `factors` maps coarse factors where they mean the same; `reading` does it all.
"""
