"""predictions.npz: the test predictions behind a verdict."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.record import Retraining, StudyRecord
from reports.trials import BASELINE, confirmed_finals
from study.confirmation.evaluated import Evaluated


def write_predictions(record: StudyRecord, evaluated: Evaluated | None) -> bytes | None:
    """Return the predictions as .npz, None where there was no final.

    `labels` (n,) are the test labels, `winner` and `baseline` (seeds, n) the predicted classes,
    `winner_seeds` and `baseline_seeds` (seeds,) the seeds they were trained under; classes are
    indices into `classes`. `weights` (n,) are there where test rows have some.
    """
    finals = confirmed_finals(record)
    if not finals or evaluated is None:
        return None
    sides = {"winner": finals, "baseline": _baseline_finals(record)}
    arrays: dict[str, NDArray[Any]] = {
        "labels": evaluated.labels,
        "classes": np.array(record.data.classes),
    }
    if evaluated.weights is not None:
        arrays["weights"] = evaluated.weights
    for name, side in sides.items():
        kept = [one for one in side if one.weights_hash in evaluated.classes]
        arrays[f"{name}_seeds"] = np.array([one.seed for one in kept], np.int64)
        rows = [evaluated.classes[str(one.weights_hash)] for one in kept]
        arrays[name] = np.array(rows, np.int32).reshape(len(rows), len(evaluated.labels))
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def _baseline_finals(record: StudyRecord) -> Sequence[Retraining]:
    confirmation = record.confirmation
    rows = confirmation.retrainings if confirmation else ()
    return [one for one in rows if one.stage == "final" and one.candidate == BASELINE]
