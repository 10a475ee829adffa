"""A short-lived process that evaluates weights, so that the coordinator needs no tensorflow.

Started as `python -m study.confirmation.predictor FD`: says ready, then answers every task with the
predicted classes until the pipe closes.
"""

import sys
from multiprocessing.connection import Connection

import numpy as np

from study.confirmation.prediction import READY, PredictTask
from study.model import predictions


def main() -> None:
    """Serve the pipe whose file descriptor is the one argument."""
    pipe = Connection(int(sys.argv[1]))
    pipe.send(READY)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        if not isinstance(task, PredictTask):
            return
        found = predictions(task.config, task.weights, task.examples, task.about)
        pipe.send(np.argmax(found, axis=1).astype(np.int32))


if __name__ == "__main__":
    main()
