"""Questions and costs: plans, benchmarks and the demonstration. May import everything; nobody imports it."""
