"""What holds for jobs in the search and after it."""

# How often a job whose worker died runs again.
RETRIES = 2
# How long to wait for an event before looking at clocks and interrupts again, seconds.
WAIT_SECONDS = 0.25
