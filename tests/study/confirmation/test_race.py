from functools import partial

from study.confirmation.candidates import baseline_of, best_candidates
from study.confirmation.evaluated import is_evaluated
from study.confirmation.outcomes import OutcomeFile
from study.confirmation.race import run_race
from study.confirmation.retrain import RetrainContext
from study.confirmation.weight_files import WeightFiles
from study.coordinator.jobs import JobQueue
from study.data.values import Split
from study.record.snapshot import collect_snapshot


def wide_is_good(config):
    return 0.5 + 0.005 * config.width


def race(made, rounds=4, top=3):
    heard = []
    context = RetrainContext(
        queue=JobQueue(made.executor),
        fingerprint=made.loaded.training.about.fingerprint,
        file=OutcomeFile(made.run.open_lines(made.run.retrainings)),
        weights=WeightFiles(made.run),
        evaluated=partial(is_evaluated, made.run),
        say=heard.append,
    )
    record = collect_snapshot(made.run)
    candidates = best_candidates(record, top)
    return (
        run_race(context, baseline_of(record), candidates, (0, rounds, Split(0, 0.2))),
        candidates,
        heard,
    )


def test_eliminated_candidates_get_no_more_rounds_and_the_best_mean_wins(make):
    end, candidates, heard = race(make(wide_is_good), top=7)

    widest = max(candidates, key=lambda one: one.config.width)
    assert end.winner.name == widest.name
    assert any("is eliminated after 2 rounds" in text for text in heard)
    assert min(len(end.scores[one.name]) for one in candidates) == 2


def test_all_of_a_round_share_seed_and_split_and_every_round_is_fresh(make):
    end, _, _ = race(make(lambda _: 0.7))

    baseline = [one for one in end.retrainings if one.candidate == "baseline"]
    assert len({(one.seed, one.split_seed) for one in baseline}) == len(baseline)
    for one in end.retrainings:
        assert (one.seed, one.split_seed) in {(b.seed, b.split_seed) for b in baseline}


def test_a_lone_candidate_races_for_two_rounds(make):
    end, _, _ = race(make(wide_is_good), top=1)

    assert {name: len(found) for name, found in end.scores.items()} == {
        "baseline": 2,
        end.winner.name: 2,
    }


def test_outcomes_of_an_earlier_race_are_used_again(make):
    made = make(wide_is_good)
    first, _, _ = race(made)
    made.trainer.trained.clear()

    second, _, _ = race(made)

    assert made.trainer.trained == []
    assert second == first
