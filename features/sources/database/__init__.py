"""The Standard Safeguarding Dataset in a database, reached by its URL.

Path: `reading` connects and reads one state in batches; `tables` finds the tables and writes their cells as text.
"""
