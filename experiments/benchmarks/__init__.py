"""What the program costs, always beside a plain baseline in the same run; only the ratios mean anything elsewhere."""
