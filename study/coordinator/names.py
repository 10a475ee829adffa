"""The samplers and pruners there are, by name; free of what they import."""

SAMPLERS = ("tpe", "random", "nsga2", "grid", "qmc")
PRUNERS = ("median", "percentile", "halving", "hyperband", "wilcoxon", "none")
