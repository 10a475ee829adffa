"""The search keeps its counts, seeds and states whatever happens to its workers."""

import pytest

from search_spaces.faults import FaultError
from search_spaces.read import read_space
from study.coordinator.interrupts import Interrupts
from study.coordinator.samplers import OPTUNA_SAMPLERS, SEQUENCES
from study.engine.seeds import trial_seed
from study.executors.protocol import EpochEnded
from study.run_dir.search_options import SAMPLERS


def test_every_sampler_that_can_be_named_can_be_made():
    assert (*OPTUNA_SAMPLERS, *SEQUENCES) == SAMPLERS


@pytest.mark.slow
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_search_tells_exactly_its_total_with_the_baseline_first(make_study, executor, sampler):
    study = make_study(sampler=sampler, trials=9)
    assert study.run(executor(slots=3)) == "done"
    records = study.records()
    assert [record.number for record in records] == list(range(9))
    assert records[0].origin == "baseline"
    assert records[0].params == {"width": 64, "optimizer": "adam", "epochs": 5}
    assert {record.origin for record in records[1:]} == {"search"}
    assert [record.seed for record in records] == [trial_seed(1, order) for order in range(9)]
    assert len({str(record.config) for record in records}) == 9


@pytest.mark.slow
@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("pruner", ["none", "median"])
def test_a_study_that_was_interrupted_ends_as_one_that_was_not(
    make_study, executor, sampler, pruner
):
    whole = make_study(sampler=sampler, pruner=pruner, trials=25)
    whole.run(executor())
    parts = make_study(sampler=sampler, pruner=pruner, trials=25)
    ends = parts.run_in_parts(executor, (7, 15, 12))
    assert ends == [*["interrupted"] * 3, "done"]
    assert parts.answers() == whole.answers()


@pytest.mark.slow
def test_a_deterministic_study_repeats_whatever_the_timing(make_study, executor):
    answers = []
    for timing in range(3):
        study = make_study(window=4, jobs=2, trials=40, pruner="median")
        study.run(executor(slots=2, timing=timing))
        answers.append(study.answers())
    assert answers[0] == answers[1] == answers[2]
    states = [answer[1] for answer in answers[0]]
    assert states.count("pruned") > 3
    assert states.count("complete") > 3


@pytest.mark.slow
def test_without_the_rule_timing_changes_the_study(make_study, executor):
    answers = []
    for timing in range(2):
        study = make_study(jobs=2, trials=40, pruner="median")
        study.run(executor(slots=2, timing=timing))
        answers.append(study.answers())
    assert answers[0] != answers[1]


@pytest.mark.slow
def test_a_deterministic_study_ends_the_same_after_losses_and_interruptions(make_study, executor):
    whole = make_study(window=4, trials=20, pruner="median")
    whole.run(executor(slots=2))
    parts = make_study(window=4, trials=20, pruner="median")
    interrupts = Interrupts()
    first = executor(slots=2, timing=5, lose=lambda job, epoch: job.job % 3 == 0 and epoch == 1)

    def interrupt(_event):
        interrupts.count = int(first.epochs_trained >= 40)

    first.after = interrupt
    assert parts.run(first, interrupts) == "interrupted"
    assert parts.run(executor(slots=3, timing=6)) == "done"

    def counted(study):
        ended = (record for record in study.records() if not record.lost)
        return sorted((r.seed, r.state, str(r.params), r.accuracy) for r in ended)

    assert counted(parts) == counted(whole)
    assert any(record.lost for record in parts.records())


def test_a_lost_trial_runs_again_under_its_seed_and_does_not_count(make_study, executor):
    study = make_study(trials=5)
    lost = executor(lose=lambda job, epoch: job.job == 2 and epoch == 2)
    assert study.run(lost) == "done"
    records = study.records()
    ended = [(r.number, r.origin, r.state, r.lost, r.retry_of) for r in records]
    assert ended == [
        (0, "baseline", "complete", False, None),
        (1, "search", "complete", False, None),
        (2, "search", "failed", True, None),
        (3, "search", "complete", False, 2),
        (4, "search", "complete", False, None),
        (5, "search", "complete", False, None),
    ]
    retried = next(record for record in records if record.retry_of is not None)
    assert (retried.params, retried.seed) == (records[2].params, records[2].seed)
    assert records[2].reason == "its worker died"
    assert len(records[2].curve) == 2


def test_a_lost_trial_has_its_end_before_it_is_asked_again(make_study, executor):
    # A coordinator that is killed between would leave a trial that never ends.
    study = make_study(trials=5)
    asked_again = []

    def look(record):
        if record.lost:
            asked_again.append(f'"retry_of": {record.number}' in study.files.asked.read_text())

    study.on_recorded = look
    assert study.run(executor(lose=lambda job, epoch: job.job == 2 and epoch == 2)) == "done"
    assert asked_again == [False]
    assert '"retry_of": 2' in study.files.asked.read_text()


def test_a_baseline_that_runs_again_is_still_the_baseline(make_study, executor):
    study = make_study(trials=3)
    assert study.run(executor(lose=lambda job, _epoch: job.job == 0)) == "done"
    found = {one.number: (one.origin, one.lost, one.retry_of) for one in study.records()}
    assert found[0] == ("baseline", True, None)
    assert [one for one in found.values() if one[2] == 0] == [("baseline", False, 0)]


def test_a_trial_that_is_lost_three_times_failed_for_good_and_counts(make_study, executor):
    study = make_study(trials=3)
    dies = study.run(executor(lose=lambda job, _epoch: job.seed == trial_seed(1, 1)))
    assert dies == "done"
    records = [record for record in study.records() if record.seed == trial_seed(1, 1)]
    assert [record.lost for record in records] == [True, True, False]
    assert records[-1].reason == "its worker died (attempt 3 of 3)"
    assert [record.retry_of for record in records] == [None, records[0].number, records[1].number]
    assert sum(not record.lost for record in study.records()) == 3


def test_a_diverged_trial_is_failed_with_its_reason_and_the_study_goes_on(make_study, executor):
    study = make_study(trials=4)
    assert study.run(executor(fail=lambda job: "diverged" if job.job == 1 else None)) == "done"
    states = [(record.state, record.reason, record.accuracy is None) for record in study.records()]
    assert states[1] == ("failed", "diverged", True)
    assert [state for state, *_ in states] == ["complete", "failed", "complete", "complete"]


def test_a_second_interrupt_ends_at_once_and_nothing_is_lost(make_study, executor):
    study = make_study(trials=6)
    interrupts = Interrupts()
    running = executor(slots=2)

    def twice(event):
        interrupts.count += 2 * isinstance(event, EpochEnded)

    running.after = twice
    assert study.run(running, interrupts) == "interrupted"
    assert running.epochs_trained == 1
    assert study.records() == ()
    assert study.run(executor(slots=2)) == "done"
    assert [record.number for record in study.records()] == list(range(6))


@pytest.mark.slow
def test_more_trials_go_on_where_the_study_stopped(make_study, executor):
    whole = make_study(trials=15)
    whole.run(executor())
    grown = make_study(trials=6)
    grown.run(executor())
    grown.plan = make_study(trials=15).plan
    grown.run(executor())
    assert grown.answers() == whole.answers()


@pytest.mark.slow
def test_a_study_that_is_done_asks_for_nothing(make_study, executor):
    study = make_study(trials=3)
    study.run(executor())
    again = executor()
    assert study.run(again) == "done"
    assert again.started == []


TINY = """
name = "two"
[parameters.optimizer]
type = "choice"
values = ["adam", "sgd"]
[fixed]
epochs = 2
[baseline]
optimizer = "adam"
epochs = 2
"""


def test_an_exhausted_grid_ends_the_study_with_a_word(make_study, executor):
    study = make_study(read_space(TINY, "two.toml"), sampler="grid", trials=10)
    assert study.run(executor(slots=2)) == "exhausted"
    assert [record.params["optimizer"] for record in study.records()] == ["adam", "sgd"]
    assert study.notes == ["every point of the sampler grid was tried"]


def test_in_an_exhausted_space_a_config_repeats_under_a_new_seed_and_says_so(make_study, executor):
    study = make_study(read_space(TINY, "two.toml"), sampler="tpe", trials=4)
    assert study.run(executor()) == "done"
    records = study.records()
    assert [record.origin for record in records] == ["baseline", "search", "repeat", "repeat"]
    assert len({record.seed for record in records}) == 4
    assert len(study.notes) == 2
    assert all("runs again under a new seed" in note for note in study.notes)


def test_enqueued_params_come_first_and_the_sampler_fills_what_they_leave_open(
    make_study, executor
):
    enqueued = (
        {"width": 100, "optimizer": "adam", "epochs": 3},
        {"width": 64, "optimizer": "adam", "epochs": 5},
        {"width": 200},
    )
    study = make_study(trials=5, enqueued=enqueued)
    study.run(executor())
    records = study.records()
    origins = [record.origin for record in records]
    assert origins == ["baseline", "enqueued", "enqueued", "search", "search"]
    assert records[1].params == enqueued[0]
    assert records[2].params["width"] == 200
    assert {"optimizer", "epochs"} < records[2].params.keys()
    skipped = "enqueued params skipped, since they were tried before: "
    assert study.notes == [f"{skipped}{enqueued[1]}"]


def test_a_trial_over_its_time_limit_fails_with_the_reason_and_is_not_repeated(
    make_study, executor
):
    study = make_study(trials=2, trial_timeout_seconds=1e-9)
    assert study.run(executor()) == "done"
    reasons = [(record.state, record.lost, record.reason) for record in study.records()]
    assert reasons == [("failed", False, "not finished within the trial timeout of 1e-09 s")] * 2


def test_after_its_time_a_study_starts_no_more_and_goes_on_when_asked(make_study, executor):
    study = make_study(trials=5, timeout_seconds=1e-9)
    assert study.run(executor()) == "timeout"
    assert study.records() == ()


def test_a_torn_line_of_the_asked_file_is_cut_off(make_study, executor):
    study = make_study(trials=4)
    study.run(executor())
    with (study.folder / "asked.jsonl").open("a") as file:
        file.write('{"number": 4, "ord')
    study.plan = make_study(trials=6).plan
    assert study.run(executor()) == "done"
    assert [record.number for record in study.records()] == list(range(6))


def test_a_damaged_asked_file_is_a_fault_with_its_line(make_study, executor):
    study = make_study(trials=2)
    study.run(executor())
    with (study.folder / "asked.jsonl").open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(FaultError, match=r"asked\.jsonl, line 3: is not JSON"):
        study.run(executor())


def test_a_storage_that_knows_more_than_the_asked_file_is_a_fault(make_study, executor):
    study = make_study(trials=2)
    study.run(executor())
    (study.folder / "asked.jsonl").write_text("")
    with pytest.raises(FaultError) as caught:
        study.run(executor())
    where = study.folder / "asked.jsonl"
    assert str(caught.value) == f"{where}: some of the study's trials are missing here; got 0, 1"


def test_pruned_trials_keep_only_the_epochs_up_to_the_stop(make_study, executor):
    study = make_study(trials=40, pruner="median")
    study.run(executor(slots=2, timing=3))
    pruned = [record for record in study.records() if record.state == "pruned"]
    assert pruned
    for record in pruned:
        last = len(record.curve)
        assert record.reason == (
            f"the pruner median stopped it after epoch {last} of {record.config['epochs']}"
        )
        assert record.accuracy is None


@pytest.mark.slow
def test_about_one_in_ten_trials_to_be_pruned_runs_to_its_end(make_study, executor):
    study = make_study(trials=120, pruner="median", sampler="random")
    study.run(executor())
    records = study.records()
    pruned = sum(record.state == "pruned" for record in records)
    unpruned = [record for record in records if record.unpruned]
    assert 0.03 < len(unpruned) / (pruned + len(unpruned)) < 0.25
    assert {record.state for record in unpruned} == {"complete"}
