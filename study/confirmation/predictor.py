"""A short-lived process that holds keras: `python -m study.confirmation.predictor FD`.

It says ready, then answers every task until the pipe closes.
"""

import sys
from multiprocessing.connection import Connection
from typing import Any

from study.confirmation.prediction import READY, Classify, Summarize
from study.model import model_summary, predictions


def main() -> None:
    """Serve the pipe whose file descriptor is the one argument."""
    pipe: Connection[Any, Any] = Connection(int(sys.argv[1]))
    pipe.send(READY)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(task))


def answer(task: Classify | Summarize) -> Any:
    """Do one task and return its answer."""
    match task:
        case Classify():
            return predictions(task.config, task.weights, task.examples, task.about)
        case Summarize():
            return model_summary(task.config, task.features, task.classes)


if __name__ == "__main__":
    main()
