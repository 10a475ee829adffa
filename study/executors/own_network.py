"""A user's function that builds a network, on its way to the processes that call it."""

import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from study.executors.needless import show_needless

# Params in; a compiled Keras model out, or the model and the arguments of its `fit`.
Build = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class OwnNetwork:
    """The function's pickle, the folders that its modules are found in, and what it is known by.

    `fingerprint` is the SHA-256 of its code: equal for equal functions, in any process.
    """

    name: str
    pickled: bytes
    path: tuple[str, ...]
    fingerprint: str

    def load(self) -> Build:
        """Return the function; whatever its modules raise when they are imported comes out."""
        sys.path += [folder for folder in self.path if folder not in sys.path]
        show_needless()
        build: Build = pickle.loads(self.pickled)  # noqa: S301 this program made it a moment ago
        return build
