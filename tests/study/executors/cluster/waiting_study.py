"""The command line whose workers wait in place of training: `python waiting_study.py COMMAND ...`.

All else is as ever; what such a study shows need not wait for TensorFlow.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import study.workflows.workers
from study.cli import main
from study.executors.choose import Place, opened_workers
from study.networks.tasks import Ask, network_process

PROGRAMS = (sys.executable, str(Path(__file__).with_name("waiting_programs.py")))
WORKER, NETWORK = (*PROGRAMS, "worker"), (*PROGRAMS, "network")


@contextmanager
def waiting_workers(
    place: Place, jobs: int, log: Path, say: Callable[[str], None], *_: object
) -> Iterator[Any]:
    with opened_workers(place, jobs, log, say, WORKER) as executor:
        if place.cluster is not None:
            vars(executor)["open_data"] = partial(executor.open_data, command=WORKER)
        yield executor


def waiting_network(log: Path, *_: object) -> AbstractContextManager[Ask]:
    return network_process(log, NETWORK)


if __name__ == "__main__":
    own = vars(study.workflows.workers)
    own["opened_workers"], own["network_process"] = waiting_workers, waiting_network
    main()
