"""How often a job whose worker died runs again, in the search and after it."""

RETRIES = 2
