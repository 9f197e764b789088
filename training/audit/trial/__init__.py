"""The records and the outcome on trial: unequal recording, looking and deciding, and what they leave open."""
