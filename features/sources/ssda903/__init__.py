"""The SSDA903 set: the yearly return on looked-after children, as CSV files told by their headers.

Path: `files` declares what each file asks, `year` tells the year, `children` and `answers` say where it goes; `reading`
does it all.
"""
