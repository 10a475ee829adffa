"""PostgreSQL as a study's storage: reached, held by one coordinator, and mirrored to."""
