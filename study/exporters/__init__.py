"""Studies in the files of other tools: trackers of experiments, and tables of trials."""
