"""A worker process of the local executor: forked, or started by `python -m ... FD`.

Its environment holds TensorFlow to one thread; its session is its own, so that the terminal's
Ctrl-C does not reach it.
"""

import sys

from study.executors.needless import hide_needless

hide_needless()

from study.engine.trainer import Trainer  # noqa: E402 must come after the line above
from study.executors.own_trainer import OwnTrainer  # noqa: E402 likewise
from study.executors.worker_loop import serve  # noqa: E402 likewise


def main(descriptor: int) -> None:
    """Serve the pipe with this file descriptor."""
    serve(descriptor, Trainer, lambda data, network: OwnTrainer(data, network.load))


if __name__ == "__main__":
    main(int(sys.argv[1]))
