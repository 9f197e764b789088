"""The one way out: what is withheld, rounded or shown, for every table, chart and download."""
