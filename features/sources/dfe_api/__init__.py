"""The DfE's API: JSON, one object a child, as a stream.

Path: `reading` walks the file, `tables` says which field goes where.
"""
