"""What throughput.py compares with the plain script: a search, from start-up to its last trial.

`python search_alone.py RUN_DIRECTORY DATA CONFIGS.json JOBS` runs the baseline and
the configs, without confirmation, report and bundle, which the plain script has not either. Prints
one JSON object with the seconds from the first trial's start to the last one's end.
"""

import importlib
import json
import os
import sys
from datetime import datetime
from pathlib import Path

from study.coordinator.callbacks import NoCallbacks
from study.run_dir.paths import RunDirectory
from study.workflows.request import Request
from study.workflows.workers import opened_workplace


def main(folder: str, data: str, configs: str, jobs: str) -> None:
    """Run the search and print how long its trials took."""
    run = RunDirectory(Path(folder))
    run.create()
    wanted = json.loads(Path(configs).read_text())
    request = Request(
        {"space": "four", "data": data, "trials": len(wanted), "pruner": "none"},
        jobs=int(jobs),
        # Trial 0 is the baseline, and the first of the list.
        enqueue=Path(configs),
    )
    with opened_workplace(run, request.place, request.jobs, print) as workplace:
        # As the command does: workers start before what the search needs is imported.
        stages = importlib.import_module("study.workflows.stages")
        begun = stages.begin(run, None, request, os.environ, workplace.open_data)
        storage = stages.open_trials(run, begun.plan, None)
        stages.search(run, begun, storage, workplace.executor, NoCallbacks(), workplace.interrupts)
    snapshot = importlib.import_module("study.record.snapshot")
    trials = snapshot.collect_snapshot(run).trials
    assert len(trials) == len(wanted)
    assert all(trial.state == "complete" for trial in trials)
    began = min(datetime.fromisoformat(str(trial.started)) for trial in trials)
    ended = max(datetime.fromisoformat(str(trial.ended)) for trial in trials)
    best = max(trial.accuracy or 0.0 for trial in trials)
    print(json.dumps({"seconds": (ended - began).total_seconds(), "best": best}))


if __name__ == "__main__":
    main(*sys.argv[1:])
