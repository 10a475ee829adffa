"""Small pure functions of statistics, each with its source."""
