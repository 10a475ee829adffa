"""The coordinator: the one process that asks, reports, prunes and tells."""
