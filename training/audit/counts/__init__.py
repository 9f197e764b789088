"""From rows to counts by group, threshold and cluster, the rates made of them, and the file that keeps them."""
