"""Train on a Dask cluster: one thread of a Dask worker is one slot.

The coordinator's side is `executor.py`: it sends each job as one Dask task and turns what comes
back into the events of the executor protocol. On each Dask worker a plugin, `worker_plugin.py`,
checks that the worker may take part, gets the training data, and drives a local executor for each
slot, so that a training runs in a process of its own here too. The messages between the two are in
`messages.py`; they travel as Dask's own events. A stop is the cancellation of the task.

Nothing outside this package imports dask.
"""
