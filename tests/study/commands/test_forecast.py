import json
from dataclasses import replace

import numpy as np
import pytest

from reports.statistics.scores import Scores, scores
from search_spaces.measures import MEASURES
from study.budget.costs import Measured, Sizes, TrainingCosts
from study.config import TrainConfig
from study.confirmation.design import ADVISED_TRIALS, Design, forecast, forecast_words
from study.confirmation.probe import Probes
from study.run_dir.confirm_options import ConfirmOptions


def probes(accuracy, other, n=1000):
    rng = np.random.default_rng(0)
    hard = np.arange(n) < n // 10
    sides = [~(hard & (rng.random((3, n)) < 10 * (1 - one))) for one in (accuracy, other)]
    return Probes((1.0, 2.0, 3.0), 3 * 2**30, Scores(sides[0]), Scores(sides[1]))


DESIGN = Design(trials=30, jobs=2, test_n=10_000, gain=0.003, options=ConfirmOptions())


def test_a_confirmation_takes_race_final_and_equal_compute():
    # (3 + 1) candidates for 3 rounds, 5 seeds each, 5 of equal compute.
    assert ConfirmOptions().trainings == 27
    # auto: 20 seeds each at most, equal compute at its first look.
    assert ConfirmOptions(seeds=None).trainings == 57


def test_the_forecast_tells_cost_power_luck_and_advice():
    time, memory, power, seeds, luck, trials = forecast_words(forecast(probes(0.97, 0.975), DESIGN))

    assert time == (
        "time: 2.0 s a trial (probes 1.0 s to 3.0 s); 30 trials on 2 workers 30 s, "
        "less with pruning; up to 27 retrainings of the confirmation 27 s; in all 57 s"
    )
    assert memory == "memory: 6.0 GiB on 2 workers"
    assert power.startswith("smallest gain detected with power 0.8 on 10,000 test images: 3 seeds ")
    assert seeds.startswith("advice: ")
    assert seeds.endswith(" seeds each to detect +0.30 points")
    assert luck.startswith("luck: one trial's accuracy has a noise of ")
    assert trials == (
        "advice: at least 60 trials, baseline included: the best of 59 random configs is among "
        "the best 5 % of all with probability 0.95"
    )


def test_the_forecast_tells_what_a_budget_leaves_time_for():
    baseline = TrainConfig(width=64, epochs=5)
    costs = TrainingCosts(baseline, Sizes(64, 10, 1 / 6), (Measured(baseline, 5, 2.0),))
    found = replace(probes(0.97, 0.975), costs=costs, best=baseline)
    words = forecast_words(
        forecast(found, replace(DESIGN, budget_seconds=300.0, start_seconds=10.0))
    )
    assert words[2] == (
        "budget: 5 min 00 s leaves time for: search until 4 min 26 s, about 256 trials; then a "
        "race of 3 rounds x 4 retrainings and a final of 5 seeds each"
    )
    short = replace(DESIGN, budget_seconds=20.0, start_seconds=10.0)
    assert forecast_words(forecast(found, short))[2] == (
        "budget: 20 s leaves no time for a baseline and a candidate"
    )


def test_a_gain_that_test_images_hide_is_not_promised():
    # Two configs that always err on other images: no seed can detect a small gain.
    n = 1000
    baseline, other = np.ones((3, n), dtype=bool), np.ones((3, n), dtype=bool)
    baseline[:, :50] = False
    other[:, 50:100] = False
    design = Design(trials=30, jobs=2, test_n=1000, gain=0.003, options=ConfirmOptions())

    seeds = forecast_words(
        forecast(Probes((1.0,), 2**30, Scores(baseline), Scores(other)), design)
    )[3]

    assert seeds == "advice: no number of seeds detects +0.30 points on 1,000 test images"


def test_test_images_in_groups_detect_as_little_as_so_many_images_as_groups():
    grouped = replace(DESIGN, test_n=10_000, test_groups=2000)

    line = forecast_words(forecast(probes(0.97, 0.97), grouped))[2]
    alone = forecast_words(forecast(probes(0.97, 0.97), replace(DESIGN, test_n=2000)))[2]

    assert "on 10,000 test images in 2,000 groups: " in line
    assert line.split(": ")[1] == alone.split(": ")[1]


def test_a_forecast_on_log_loss_speaks_of_nats_and_of_rows():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 1000)
    sides = [
        scores(MEASURES["log_loss"], values < np.log(2), labels, values)
        for values in (rng.exponential(mean, (3, 1000)) for mean in (0.2, 0.19))
    ]
    asked = replace(DESIGN, gain=0.01, measure="log_loss", inputs="rows")

    found = forecast(Probes((1.0,), 2**30, *sides), asked)
    power, seeds, luck = forecast_words(found)[2:5]

    start = "smallest gain in log loss detected with power 0.8 on 10,000 test rows: 3 seeds "
    assert power.startswith(start)
    assert power.removeprefix(start).partition(",")[0] == f"{found.detectable[3]:.4f} nats"
    assert 0.001 < found.detectable[20] < found.detectable[3] < 0.1
    assert seeds.endswith("to detect 0.0100 nats")
    assert luck.startswith(f"luck: one trial's log loss has a noise of {found.noise:.4f} nats on ")


def test_more_trials_owe_more_to_luck():
    few, many = (
        forecast(probes(0.97, 0.97), Design(count, 1, 10_000, 0.003, ConfirmOptions())).luck
        for count in (10, 1000)
    )

    assert few < many


def test_the_advised_trials_reach_the_best_twentieth():
    assert 1 - 0.95**ADVISED_TRIALS > 0.95 > 1 - 0.95 ** (ADVISED_TRIALS - 1)


@pytest.mark.slow
def test_a_plan_of_digits_ends_in_seven_lines_and_leaves_nothing(dense_study, tmp_path):
    done = dense_study("plan", "smoke", "--quiet", "--jobs", "1", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(":")[0].split(" ")[0] for line in done.stdout.splitlines()] == [
        "folds",
        "time",
        "memory",
        "smallest",
        "advice",
        "luck",
        "advice",
    ]
    assert "on 359 test images" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_programs_get_the_numbers_and_what_happens_on_the_way_is_beside_them(dense_study, tmp_path):
    done = dense_study("plan", "smoke", "--json", "--jobs", "1", cwd=tmp_path)

    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert (found["trials"], found["jobs"], found["test_n"]) == (30, 1, 359)
    assert found["search_seconds"] == pytest.approx(30 * found["trial_seconds"])
    assert set(found["detectable"]) == {"3", "5", "10", "20"}
    assert done.stderr.startswith("training probes: the baseline and random configs")


def test_on_folds_a_trial_and_a_race_cost_as_many_trainings_and_a_final_does_not():
    once = forecast(probes(0.97, 0.975), DESIGN)
    on_folds = replace(probes(0.97, 0.975), folds=5, scored_n=6000, scoring="folds 5: so")
    found = forecast(on_folds, DESIGN)
    assert found.trial_seconds == 5 * once.trial_seconds
    assert found.search_seconds == 5 * once.search_seconds
    # 12 trainings of the race on five folds, 15 of the final: 75 for 27.
    assert found.confirmation_seconds == pytest.approx(once.confirmation_seconds * 75 / 27)
    assert found.noise < once.noise / 2
    lines = forecast_words(found)
    assert lines[:2] == (
        "folds 5: so",
        (
            "time: 10 s a trial (5 trainings; probes 1.0 s to 3.0 s); 30 trials on 2 workers "
            "2 min 30 s, less with pruning; up to 27 retrainings of the confirmation 1 min 15 s; "
            "in all 3 min 45 s"
        ),
    )
    assert "on 6,000 images of 5 folds, so the best" in lines[5]
