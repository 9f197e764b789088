"""What people decided and why, in a log that only grows.

Path: `models` are its words and shapes, `entry` is one line with its hash, `log` appends and verifies,
`routes` are its HTTP. No function here decides anything, and overriding a score is counted, never policed.
"""
