"""The coordinator: the one process that suggests, prunes and records trials."""
