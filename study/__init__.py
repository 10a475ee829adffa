"""Tune a dense Keras network, and learn whether tuning really beat the baseline.

From Python: `study.run(...)`, `study.open_study(name)`, `study.load_bundle(path)`,
`study.train(config)`, `study.space(...)` and `study.verdict_for(candidates)`; docs/python.md shows
them. Each is imported when it is first used: `import study` imports none of them.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search_spaces.faults import FaultError as DenseStudyError
    from search_spaces.space import (
        Between,
        ChoiceDomain,
        FloatDomain,
        IntDomain,
        OneOf,
        PublishedNumber,
    )
    from study.api.building import space
    from study.api.bundles import load_bundle
    from study.api.studies import Study, open_study, run
    from study.api.training import train
    from study.api.verdicts import verdict_for

__all__ = [
    "Between",
    "ChoiceDomain",
    "DenseStudyError",
    "FloatDomain",
    "IntDomain",
    "OneOf",
    "PublishedNumber",
    "Study",
    "load_bundle",
    "open_study",
    "run",
    "space",
    "train",
    "verdict_for",
]

# Where TensorFlow's oneDNN kernels are on they keep memory for every shape they ever met: over 200
# trials of mixed width and batch size that came to 80 MB, and trials were no faster. TensorFlow
# reads this when it is imported; a value that the user has set is kept.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# Public name -> its module, and its name there.
_HOMES = {
    "DenseStudyError": ("search_spaces.faults", "FaultError"),
    "Study": ("study.api.studies", "Study"),
    "load_bundle": ("study.api.bundles", "load_bundle"),
    "open_study": ("study.api.studies", "open_study"),
    "run": ("study.api.studies", "run"),
    "space": ("study.api.building", "space"),
    "train": ("study.api.training", "train"),
    "verdict_for": ("study.api.verdicts", "verdict_for"),
}
_SPACES = ("Between", "ChoiceDomain", "FloatDomain", "IntDomain", "OneOf", "PublishedNumber")
_HOMES |= {name: ("search_spaces.space", name) for name in _SPACES}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'study' has no attribute {name!r}")
    module, own = _HOMES[name]
    value = globals()[name] = getattr(importlib.import_module(module), own)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
