"""What the final's predictions say beside the answer: probability, pair, luck, confusion, flips."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from reports.data_record import Sample
from reports.record import Flip, Interval, Optimism, StudyRecord
from reports.statistics.luck import expected_luck, noise_of_one
from reports.statistics.paired import outperforming
from reports.statistics.scores import Scores, mean_score, score_difference
from reports.statistics.selection_bias import selection_bias
from reports.trials import BASELINE, baseline_trial, ranked, score_of, trial_name, value_of
from reports.turned import turned
from search_spaces.measures import MEASURES
from study.confirmation.candidates import distinct_configs
from study.confirmation.evaluated import Evaluated, Pair
from study.data.describe import sample
from study.data.values import About


def probability(winner: Scores, baseline: Scores) -> tuple[float, Interval]:
    """Return how probably a retrained winner beats a retrained baseline, with its interval."""
    return outperforming(winner.means.tolist(), baseline.means.tolist())


def optimism(
    record: StudyRecord, raced: dict[str, tuple[float, ...]], final: Sequence[Scores]
) -> Optimism | None:
    """Hold the search's best on validation against the mean of its retrainings in the race.

    Both are of validation splits of one size. `raced` are scores of the study's measure. None
    where the best did not race. The luck to expect
    comes from the noise of winner and baseline (seeds, n) on the same test images, scaled to the
    search's validation images; None needs two seeds.
    """
    rivals = [
        trial
        for trial in ranked(record.trials, record.measure)
        if trial.origin != "baseline" and raced.get(trial_name(trial))
    ]
    if not rivals or final[0].shape[0] < 2:
        return None
    best = rivals[0]
    again = raced[trial_name(best)]
    configs = distinct_configs(record)
    score = partial(score_of, record.measure)
    noise = trial_noise(final[0], final[1], best.n, best.folds or 1)
    base, base_again = baseline_trial(record), raced.get(BASELINE, ())
    found = None
    if base is not None and len(base_again) == len(again):
        leads = [one - other for one, other in zip(again, base_again, strict=True)]
        df = 2.0 * (final[0].shape[0] - 1)
        found = selection_bias(score(best) - score(base), leads, noise, df)
    own = MEASURES[record.measure].oriented
    return Optimism(
        observed=value_of(best),
        confirmed=own(sum(again) / len(again)),
        expected_luck=own(expected_luck(configs, noise)),
        configs=configs,
        bias=own(found[0]) if found else None,
        interval=turned(found[1], record.measure) if found else None,
    )


def trial_noise(winner: Scores, baseline: Scores, n: int, folds: int = 1) -> float:
    """Return the standard deviation between equally good configs on the same n images.

    Between seeds and what images do to one config alone; images that are hard for all favour none.
    On several folds, each trained under a seed of its own, it is that of the mean over them.
    """
    sides = [mean_score(side) for side in (winner, baseline)]
    both = score_difference(winner, baseline)
    residual = sum(side.residual for side in sides) / 2
    rows = sum(side.of_seeds * side.seeds for side in sides) / 2
    seed_variance = max(0.0, rows - residual / both.n)
    own = residual + both.of_images * both.n / 2
    return noise_of_one(seed_variance / folds, own, n)


def confusion(labels: Evaluated, weights_hash: str, classes: int) -> tuple[tuple[int, ...], ...]:
    """Count true (rows) against predicted classes of one network on the test split."""
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (labels.labels, labels.classes[weights_hash]), 1)
    return tuple(tuple(row) for row in table.tolist())


def flips(evaluated: Evaluated, pair: Pair, about: About) -> tuple[Flip, ...]:
    """Return the kept test images that exactly one network of the pair got right."""
    winner, baseline = evaluated.classes[pair.winner], evaluated.classes[pair.baseline]
    return tuple(
        Flip(
            index=index,
            sample=_sample(evaluated, index, about),
            baseline=about.classes[int(baseline[index])],
            winner=about.classes[int(winner[index])],
        )
        for index in evaluated.differing(pair)
        if index in evaluated.images
    )


def _sample(evaluated: Evaluated, index: int, about: About) -> Sample:
    return sample(evaluated.images[index], about.classes[int(evaluated.labels[index])], about)
