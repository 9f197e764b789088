"""Pages of the audit: words first, then tables and charts, from the content of its files and nothing behind it."""
