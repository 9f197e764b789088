"""Risk and resilience indicators: one declaration each, compiled to one pass over each table.

Path: `declaration` says what an indicator is and how it speaks, `measures` holds the few ways of counting,
one file per domain of family life declares the indicators, `catalogue` puts them in order, `compiler` turns
them into one aggregation per table, `matrix` joins the passes into one row a child. Knows what was known on
a day; knows no outcome and no model.
"""
