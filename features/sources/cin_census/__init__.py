"""The CIN census, XML of the collections of 2017 to 2026, as a stream.

Path: `reading` walks the file, `tables` says which element goes where.
"""
