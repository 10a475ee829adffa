"""A run directory as the record that reports read, finished or while the study runs."""
