"""Who takes part: the baseline and the search's best distinct configs."""

from dataclasses import dataclass
from statistics import fmean

from reports.record import StudyRecord
from reports.statistics.noise import sd_of_one_trial
from reports.statistics.shrinking import shrunken
from reports.trial_record import TrialRecord
from reports.trials import BASELINE, ranked, score_of, scored, trial_name
from search_spaces.measures import MeasureName
from study.executors.own_config import Config, config_in

# Of rows: where each was right in every trial, their number still counts.
_LEAST_VARIANCE = 1e-9


@dataclass(frozen=True)
class Candidate:
    """A config under the name that the report gives it: "baseline" or "trial 17"."""

    name: str
    config: Config


def baseline_of(record: StudyRecord) -> Candidate:
    """Return the study's baseline."""
    return Candidate(BASELINE, config_in(record.space, record.space.baseline.params, BASELINE))


def best_candidates(record: StudyRecord, top: int) -> tuple[Candidate, ...]:
    """Return up to `top` distinct configs, best first; never the baseline's own.

    They come by the mean of all trials of a config, shrunken by its noise, so that luck on few rows
    or seeds is no advantage; equals by the best of their trials, which names them.
    """
    trials: dict[str, list[TrialRecord]] = {}
    configs: dict[str, Config] = {}
    for trial in ranked(record.trials, record.measure):
        config = config_in(record.space, trial.config)
        configs.setdefault(config.key, config)
        trials.setdefault(config.key, []).append(trial)
    worth = dict(zip(trials, _worth(list(trials.values()), record.measure), strict=True))
    order = sorted(worth, key=lambda key: -worth[key])
    own = baseline_of(record).config.key
    found = [Candidate(trial_name(trials[key][0]), configs[key]) for key in order if key != own]
    return tuple(found[:top])


def _worth(configs: list[list[TrialRecord]], measure: MeasureName) -> tuple[float, ...]:
    """Return the shrunken mean score of the trials of each config.

    A row's variance is taken to be the same in all, that of a mean is this over its rows.
    """
    every = [trial for trials in configs for trial in trials]
    if not every:
        return ()
    row = fmean(sd_of_one_trial(trial) ** 2 * trial.n for trial in every)
    rows = [[max(1, trial.n) for trial in trials] for trials in configs]
    means = [
        sum(n * score_of(measure, trial) for n, trial in zip(own, trials, strict=True)) / sum(own)
        for own, trials in zip(rows, configs, strict=True)
    ]
    return shrunken(means, [max(row, _LEAST_VARIANCE) / sum(own) for own in rows])


def distinct_configs(record: StudyRecord) -> int:
    """Return how many configs the search's best was the best of."""
    return len({config_in(record.space, trial.config).key for trial in scored(record)})
