"""Data: sources, checks, fingerprint, validation split, and the sealed test split."""
