"""From a released model to a person's recorded decision.

Path: `scoring` gives a day's scores, `explanations` puts them into words, `pages` and the API show them to
people, `decisions` appends what people decided and why, `monitoring` watches. No endpoint takes a decision.
"""
