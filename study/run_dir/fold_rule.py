"""On how many folds a study scores its trials where nobody says it."""

MOST_FOLDS = 20
# Below so many training rows a trial is scored on so many folds. From the last on, one split of
# them says enough, and several trainings cost too much.
_BY_ROWS = ((1_000, 5), (5_000, 3))

HELP = "Train each trial on so many folds in turn and score it on all of them; 1: on one split."
# The default in words: it follows from the data.
RULE = f"{', '.join(f'{folds} below {rows:,}' for rows, folds in _BY_ROWS)} training rows, else 1"


def folds_of_rows(rows: int) -> int:
    """Return on how many folds a trial is scored with so many training rows, 1 for one split."""
    return next((folds for below, folds in _BY_ROWS if rows < below), 1)


def folds_words(folds: int, rows: str, *, is_asked: bool) -> str:
    """Say what is done with so many training rows (1,437 images), and why where nobody asked."""
    if folds == 1:
        done = f"each trial is trained once and scored on one validation split of {rows}"
    else:
        done = f"each trial is trained {folds} times and scored on each fold of {rows} once"
    return f"folds {folds}: {done}" + ("" if is_asked else f" (the default: {RULE})")
