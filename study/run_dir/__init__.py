"""The run directory `runs/<name>/`: its paths, the plan, the ledger, the lock, safe writes."""
