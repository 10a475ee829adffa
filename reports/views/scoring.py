"""How trials that chose their own epoch are scored."""

from reports.numbers import plural
from reports.record import StudyRecord
from reports.trials import scored

_OWN = (
    "Where the user's own function chose an epoch by validation loss, as a callback does, the "
    "validation accuracy is that of the {inputs} that chose it, which is higher than it should be. "
    "Accuracies on test are not concerned."
)


def scoring_notes(record: StudyRecord) -> tuple[str, ...]:
    """Return what a reader should know of trials whose epoch was chosen by validation loss."""
    inputs = record.data.inputs
    if record.space.network == "own":
        return (_OWN.format(inputs=inputs),)
    stopping = [trial for trial in scored(record) if trial.config.get("patience")]
    fitted = sum(trial.cross_fitted for trial in stopping)
    notes = []
    if fitted:
        notes.append(
            f"{plural(fitted, 'trial')} with early stopping: scored by cross-fitting, so that no "
            f"{inputs.removesuffix('s')} is scored at an epoch that it helped to choose."
        )
    if fitted < len(stopping):
        notes.append(
            f"{plural(len(stopping) - fitted, 'trial')} of an older version with early stopping: "
            f"scored on the {inputs} that chose the epoch, which is higher than it should be."
        )
    return tuple(notes)
