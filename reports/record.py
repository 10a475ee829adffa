"""StudyRecord: everything a study was asked and found, as frozen values.

Accuracies are fractions 0-1, times are UTC in ISO 8601, durations are seconds.
"""

from dataclasses import dataclass, field
from typing import Literal

from reports.budget import Planned
from reports.calibration import Calibration
from reports.confirming import Confirming
from reports.data_record import DataRecord, Sample
from reports.opening import Opening, Uncounted
from reports.stopped import NEVER, Stopped
from reports.trial_record import CandidateSource, TrialRecord
from reports.value_types import (
    Count,
    Fraction,
    Gap,
    Measured,
    Seconds,
    Time,
)
from search_spaces.data_source import AS_IT_IS, DataOptions
from search_spaces.measures import MeasureName
from search_spaces.parameters import Params
from search_spaces.space import Space
from search_spaces.unsaid import UNSAID

Stage = Literal["race", "final", "equal_compute", "ablation", "baseline"]
Answer = Literal["BEATS", "DOES NOT BEAT", "CAN'T TELL"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval, both ends included, and its level (0.95 for 95 %)."""

    low: float
    high: float
    level: Fraction


@dataclass(frozen=True)
class Retraining:
    """One training after the search: which candidate, stage and seeds, and what it reached.

    `candidate` is "baseline", "trial 17", or what an ablation or equal-compute run is called.
    `split_seed` is the validation split's (None: trained on train + validation). Paired
    retrainings share seed and split_seed; scored on several `folds`, so many. `accuracy` is
    None where it failed for `reason`; `value` is the study's measure, None where that is the
    accuracy.
    """

    stage: Stage
    candidate: str
    params: Params
    seed: int
    split_seed: int | None
    split: Literal["validation", "test"]
    n: Count
    accuracy: Fraction | None
    epochs: Count
    seconds: Seconds
    weights_hash: str | None = None
    reason: str | None = None
    value: Measured | None = field(default=None, metadata=UNSAID)
    folds: Count | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True)
class Trainings:
    """How one side's trainings under its seeds ended: test accuracies as fractions.

    `collapsed` of `count` learned next to nothing; with 95 % confidence no more than the share
    `up_to` of all its trainings would.
    """

    candidate: str
    count: Count
    collapsed: Count
    up_to: Fraction
    median: Fraction
    worst: Fraction


@dataclass(frozen=True)
class Comparison:
    """One answered question: does the winner beat `against`?

    `difference` is winner minus other, in the mean over `seeds` paired seeds each and n test images
    of `measure`, which is the accuracy (a fraction) where it is None, else the study's own measure
    in its own direction; `accuracies` are then those of winner and other (of the winner alone
    against a published number). `margin` is the smallest gain that counts. `sentence` is the answer
    in words with its evidence; `reason` says why it is CAN'T TELL; `settle` how many more seeds or
    images would settle it; `trainings` how each side's trainings ended (not in 0.1.0). Where the n
    images come in `groups`, so many of them, the interval is over groups. `weighted_n` is the
    effective number of weighted rows, None where all count the same.
    """

    against: Literal["baseline", "published", "equal compute"]
    answer: Answer
    sentence: str
    margin: Measured
    seeds: Count
    n: Count
    difference: Gap | None = None
    interval: Interval | None = None
    reason: str | None = None
    settle: str | None = None
    trainings: tuple[Trainings, ...] = ()
    groups: Count | None = None
    measure: MeasureName | None = field(default=None, metadata=UNSAID)
    accuracies: tuple[Fraction, ...] | None = field(default=None, metadata=UNSAID)
    weighted_n: Measured | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True)
class PairTest:
    """The exported pair on the same test images: which one was correct where the other was not.

    `p_value` is the exact McNemar test's, two-sided; of images in groups, over groups.
    """

    gained: Count
    lost: Count
    p_value: Fraction


@dataclass(frozen=True)
class Optimism:
    """The selection bias of the search's best: observed minus confirmed, of the study's measure.

    Values are in the measure's own direction. `expected_luck` is what the best of `configs` equally
    good ones would have shown; `bias` leaves out what splits did to the baseline too, with its
    `interval` (both None in older records).
    """

    observed: Measured
    confirmed: Measured
    expected_luck: Gap
    configs: Count
    bias: Gap | None = None
    interval: Interval | None = None


@dataclass(frozen=True)
class AblationStep:
    """One step of the path from baseline to winner: what changed and what it brought.

    `gain` is the paired mean difference to the step before (on `split`), of the study's measure in
    its own direction: a fraction where that is the accuracy.
    """

    parameter: str
    before: str
    after: str
    gain: Gap
    interval: Interval | None
    seeds: Count
    split: str
    kept: bool


@dataclass(frozen=True)
class Flip:
    """A test image that exactly one of winner and baseline got right."""

    index: Count
    sample: Sample
    baseline: str
    winner: str


@dataclass(frozen=True)
class Confirmation:
    """Everything found after the search. Rows of `confusion` are true classes, n test images.

    `comparisons` are with the re-run baseline and the published number, `equal_compute` with the
    baseline of the winner's epochs and width. `uncounted`: why there may be more openings.
    `calibration` is that of the winner's probabilities, `uncalibrated` why there is none.
    """

    winner: str
    retrainings: tuple[Retraining, ...]
    comparisons: tuple[Comparison, ...]
    openings: tuple[Opening, ...]
    ledger_intact: bool
    probability: Fraction | None = None
    probability_interval: Interval | None = None
    pair: PairTest | None = None
    optimism: Optimism | None = None
    ablation: tuple[AblationStep, ...] = ()
    confusion: tuple[tuple[Count, ...], ...] = ()
    flips: tuple[Flip, ...] = ()
    equal_compute: Comparison | None = None
    headline: str = ""
    uncounted: Uncounted | None = None
    calibration: Calibration | None = field(default=None, metadata=UNSAID)
    uncalibrated: str | None = field(default=None, metadata=UNSAID)


@dataclass(frozen=True)
class StudyRecord:
    """A whole study: everything a report, a summary or a program needs.

    `split_seed` is the search's; a trial is scored on so many `folds` in turn, or on one split (1),
    as in all older records. Where `candidates` were given, nothing was searched: each is a
    trial. `confirmation` is None until `confirm` has run, `confirming` unless it has begun.
    `stopped` is why `stop_when` ended the search early; `running`: a process runs the study.
    `planned` is what was planned out of `budget_seconds` (0: no budget).
    `measure` is what the study tunes and answers on; its accuracies are kept beside it.
    `data_file` is what `--data` was, without folders (empty in older records), `read_as` how it is
    read.
    """

    name: str
    created: Time
    data: DataRecord
    space: Space
    space_fingerprint: str
    seed: int
    split_seed: int
    sampler: str
    pruner: str
    jobs: Count
    trials_asked: int
    versions: dict[str, str]
    machine: str
    trials: tuple[TrialRecord, ...]
    summaries: dict[str, str]
    confirmation: Confirmation | None = None
    confirming: Confirming | None = None
    candidates: CandidateSource = "searched"
    data_file: str = ""
    read_as: DataOptions = AS_IT_IS
    stop_when: str = NEVER
    stopped: Stopped | None = None
    running: bool = False
    budget_seconds: Seconds = 0.0
    planned: Planned = field(default_factory=Planned)
    measure: MeasureName = "accuracy"
    folds: Count = 1
