"""What computes the indicators: Polars in memory, Polars streaming, or Spark; one set of declarations for all.

Path: `engine` says what an engine must be able to do beside narwhals' expressions, `polars_engine` and `spark_engine`
do it, `spark_session` opens what the second runs in. Knows frames; knows no table, no day and no indicator.
"""
