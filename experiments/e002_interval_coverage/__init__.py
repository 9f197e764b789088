"""How often the audit's intervals hold the truth, by numbers of rows and of clusters.

Path: `independent` adds up binomial probabilities, without a draw; `clustered` draws children with several rows, `gaps`
two groups, and AUC and calibration; `surface` holds what came out against what was required beforehand in `plan.toml`;
`report` writes it as a table, as numbers and as a chart, and `__main__` runs it.
"""
