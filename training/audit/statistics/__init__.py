"""Estimates and intervals for small groups and clustered rows: pure functions of arrays, without a group's name."""
