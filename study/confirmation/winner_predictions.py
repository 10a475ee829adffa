"""Which test predictions of a study's confirmed winner were correct."""

from reports.record import StudyRecord
from reports.trials import confirmed_finals
from reports.views.heads import Predictions
from study.confirmation.evaluated import read_evaluated
from study.record.snapshot import snapshot
from study.run_dir.paths import RunDirectory


def winner_predictions(
    run: RunDirectory, record: StudyRecord, storage: str | None = None
) -> Predictions | None:
    """Return those of the winner's final trainings; None where there are none.

    A winner of which a final training failed has none: those that went well would favour it.
    Raises FaultError where the predictions are damaged.
    """
    confirmation = record.confirmation
    if confirmation is None:
        return None
    mine = [one for one in confirmation.retrainings if one.candidate == confirmation.winner]
    if any(one.stage == "final" and one.accuracy is None for one in mine):
        return None
    hashes = [one.weights_hash for one in confirmed_finals(record) if one.weights_hash]
    with snapshot(run, storage) as there:
        found = read_evaluated(there.run)
    if found is None or not hashes or any(one not in found.classes for one in hashes):
        return None
    return Predictions(found.correct(hashes), found.groups)
