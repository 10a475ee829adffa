"""The bundle: a winner that can be used, checked and retrained without this package."""
