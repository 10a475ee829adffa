"""What the networks of a study's confirmed winner scored on the test split."""

from reports.record import StudyRecord
from reports.trials import confirmed_finals
from reports.views.heads import WinnerScores
from search_spaces.measures import MeasureName
from study.confirmation.evaluated import read_evaluated
from study.record.snapshot import snapshot
from study.run_dir.paths import RunDirectory


def winner_scores(
    run: RunDirectory, record: StudyRecord, measure: MeasureName, storage: str | None = None
) -> WinnerScores | None:
    """Return those of the winner's final trainings on a measure; None where there are none.

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
    if found is None or not hashes or not all(found.holds(one, measure) for one in hashes):
        return None
    return WinnerScores(found.scores(hashes, measure), found.groups)
