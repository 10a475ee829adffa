"""Training: many small dense nets, fast, right and repeatable to the bit."""
