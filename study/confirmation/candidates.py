"""Who takes part: the baseline and the search's best distinct configs."""

from dataclasses import dataclass

from reports.record import StudyRecord
from reports.trials import BASELINE, ranked, scored, trial_name
from study.executors.own_config import Config, config_in


@dataclass(frozen=True)
class Candidate:
    """A config under the name that the report gives it: "baseline" or "trial 17"."""

    name: str
    config: Config


def baseline_of(record: StudyRecord) -> Candidate:
    """Return the study's baseline."""
    return Candidate(BASELINE, config_in(record.space, record.space.baseline.params, BASELINE))


def best_candidates(record: StudyRecord, top: int) -> tuple[Candidate, ...]:
    """Return up to `top` distinct configs by validation accuracy; never the baseline's own."""
    seen = {baseline_of(record).config.key}
    found: list[Candidate] = []
    for trial in ranked(record.trials, record.measure):
        config = config_in(record.space, trial.config)
        if config.key not in seen:
            seen.add(config.key)
            found.append(Candidate(trial_name(trial), config))
    return tuple(found[:top])


def distinct_configs(record: StudyRecord) -> int:
    """Return how many configs the search's best was the best of."""
    return len({config_in(record.space, trial.config).key for trial in scored(record)})
