"""On how many folds a new study scores its trials."""

from search_spaces.faults import FaultError, fault
from search_spaces.space import Space
from study.data.folds import fold_numbers
from study.data.values import TrainingData
from study.engine.seeds import search_split_seed
from study.run_dir.fold_rule import folds_of_rows, folds_words
from study.run_dir.plan import Plan
from study.workflows.plans import first_plan
from study.workflows.request import Request, asked_option


def new_plan(request: Request, name: str, space: Space, training: TrainingData) -> Plan:
    """Return the plan of a new study with the folds of its trials; raises FaultError."""
    folds = request.given.get("folds")
    if request.network is not None and folds not in (None, 1):
        what = "networks that a function of yours builds are scored on one validation split"
        raise fault("folds", what, str(folds), "1")
    seed = search_split_seed(asked_option(request, None, "seed"))
    settled = 1 if request.network else default_folds(training, seed)
    return first_plan(request, name, space, training.about.fingerprint, settled)


def default_folds(training: TrainingData, seed: int) -> int:
    """Return on how many folds a trial is scored; one split where the data gives no such folds."""
    folds = folds_of_rows(training.examples.n)
    try:
        fold_numbers(training, folds, seed)
    except FaultError:
        return 1
    return folds


def said_of_folds(folds: int, training: TrainingData, *, is_asked: bool) -> str:
    """Say on how many folds each trial of a study is scored, and why where nobody asked."""
    rows = f"{training.examples.n:,} training {training.about.inputs}"
    return folds_words(folds, rows, is_asked=is_asked)
