"""A worker process of the local executor: `python -m study.executors.worker FD`.

Its environment holds TensorFlow to one thread; its session is its own, so that the terminal's
Ctrl-C does not reach it.
"""

import sys

# Keras offers wrappers for scikit-learn where that can be imported. A worker needs none of it, and
# is ready a quarter sooner without.
sys.modules["sklearn"] = None  # type: ignore[assignment]

from study.engine.trainer import Trainer  # noqa: E402 must come after the line above
from study.executors.worker_loop import serve  # noqa: E402 likewise

if __name__ == "__main__":
    serve(int(sys.argv[1]), Trainer)
