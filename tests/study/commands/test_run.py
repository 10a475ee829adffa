"""`run` and `resume` from the outside: exit codes, messages, what lies there afterwards."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports.budget import budget_words
from reports.stopped import Stopped
from reports.trials import has_ended
from study.cli import exit_code
from study.record.snapshot import collect_snapshot
from study.run_dir.paths import RunDirectory


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "--trials", "0"], 2),
        (["run", "--sampler", "luck"], 2),
        (["run", "--jobs", "x"], 2),
        (["run", "--device", "tpu"], 2),
        (["run", "--device", "gpu", "--cluster", "tcp://127.0.0.1:1"], 2),
        (["run", "--no-confirm", "--fail-unless-beats"], 2),
        (["run", "--timeout", "soon"], 1),
        (["run", "--name", "../x"], 1),
        (["run", "--confirm-seeds", "many"], 1),
        (["run", "--stop-when", "no-progress"], 1),
        (["run", "--budget", "5s"], 1),
        (["run", "--budget", "5m", "--timeout", "4m"], 1),
        (["run", "--budget", "5m", "--ablate"], 1),
        (["resume", "nothing"], 1),
        (["resume"], 2),
        (["run", "--set", "width"], 1),
        (["run", "--vary", "width=0:x"], 1),
    ],
)
def test_wrong_flags_are_reported_and_leave_no_trace(
    arguments, code, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert exit_code(arguments) == code
    assert "Traceback" not in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_environment_names_folder_and_workers_where_no_option_does(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("DENSE_STUDY_RUNS_DIR", str(tmp_path / "elsewhere"))
    assert exit_code(["show", "nothing"]) == 1
    assert str(tmp_path / "elsewhere") in capsys.readouterr().err
    assert exit_code(["show", "nothing", "--runs-dir", str(tmp_path / "here")]) == 1
    assert str(tmp_path / "here") in capsys.readouterr().err
    monkeypatch.setenv("DENSE_STUDY_JOBS", "many")
    assert exit_code(["run", "smoke"]) == 2
    assert "'DENSE_STUDY_JOBS'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["no-such-space"], ["--data", "missing.npz"], ["--enqueue", "missing.json"]]
)
def test_wrong_input_is_one_message_and_leaves_no_trace(arguments, dense_study, tmp_path):
    done = dense_study("run", *arguments, "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 1
    *before, message = done.stderr.splitlines()
    assert message.startswith("Error: ")
    assert before in ([], ["stage 1 of 7: start"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_parameters_are_fixed_and_varied_without_a_file(dense_study, tmp_path):
    changed = ("--set", "batch_size=32", "--vary", "dropout=0.1:0.3")
    base = ("run", "smoke", "--no-confirm", "--jobs", "1", "--trials", "3")
    done = dense_study(*base, *changed, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    record = collect_snapshot(RunDirectory(tmp_path / "runs" / "smoke-changed-digits"))
    assert record.space.fixed["batch_size"] == 32
    assert {trial.config["batch_size"] for trial in record.trials} == {32}
    assert all(0.1 <= trial.config["dropout"] <= 0.3 for trial in record.trials)
    again = dense_study(*base, *changed, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    name = ("--name", "smoke-changed-digits")
    other = dense_study(*base, *name, "--set", "batch_size=32", cwd=tmp_path)
    assert other.returncode == 1
    assert "search space (SHA-256)" in other.stderr


@pytest.mark.slow
def test_a_study_runs_goes_on_and_refuses_to_become_another(dense_study, tmp_path):
    base = ("run", "smoke", "--name", "s", "--no-confirm", "--jobs", "1")
    first = dense_study(*base, "--trials", "3", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "3 trials with 1 worker; trial 0 is the baseline" in first.stderr
    assert first.stderr.count(" (validation, n = 240); ") == 3
    folder = tmp_path / "runs" / "s"
    assert (folder / "report.html").stat().st_size > 1_000_000
    assert (folder / "best" / "config.toml").is_file()
    assert not (folder / ".data").exists()
    log = (folder / "log.txt").read_text().splitlines()
    assert log[0].endswith(" the study's run begins")
    assert log[-1].endswith(" the study's run has ended")
    assert sum(" (validation, n = 240); " in line for line in log) == 3
    assert [line.partition(" ")[2] for line in log if "stage" in line] == [
        "stage 2 of 4: search",
        "stage 3 of 4: report",
        "stage 4 of 4: bundle",
    ]

    refused = dense_study("run", "smoke", "--name", "s", "--seed", "9", cwd=tmp_path)
    assert refused.returncode == 1
    assert "was started with another seed; got 9; allowed: 0" in refused.stderr

    more = dense_study(*base, "--trials", "5", "--quiet", cwd=tmp_path)
    assert more.returncode == 0, more.stderr
    assert more.stderr == ""
    record = collect_snapshot(RunDirectory(folder))
    assert [trial.number for trial in record.trials] == list(range(5))
    assert record.trials[0].origin == "baseline"

    again = dense_study("resume", "s", cwd=tmp_path)
    assert again.returncode == 0
    assert "nothing left to do: 5 of 5 trials are recorded" in again.stderr

    more = ("--trials", "6", "--stop-when", "done")
    longer = dense_study("resume", "s", *more, cwd=tmp_path)
    assert longer.returncode == 0, longer.stderr
    # Five parameters, and the baseline.
    assert "--stop-when done is asked after 51 trials first: it ends nothing\n" in longer.stderr
    record = collect_snapshot(RunDirectory(folder))
    assert len(record.trials) == record.trials_asked == 6


@pytest.mark.slow
def test_a_study_with_a_budget_ends_in_an_answer_a_page_and_a_bundle(dense_study, tmp_path):
    done = dense_study("run", "smoke", "--budget", "40s", "--name", "s", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    run = RunDirectory(tmp_path / "runs" / "s")
    record = collect_snapshot(run)
    planned = record.planned
    assert planned.is_searched
    assert planned.trials == len(record.trials) == record.trials_asked >= 1
    assert done.stderr.count("budget 40 s: search until ") == 2
    line = budget_words(40.0, planned).partition(";")[0]
    assert line in " ".join(done.stdout.split())
    assert line in run.report.read_text()
    assert (run.best / "config.toml").is_file()
    comparison = record.confirmation.comparisons[0]
    assert (comparison.seeds or 0) == planned.seeds


@pytest.mark.slow
def test_a_study_ends_as_its_rule_says_and_goes_on_to_a_total(dense_study, tmp_path):
    base = ("run", "smoke", "--name", "s", "--no-confirm", "--jobs", "1", "--trials", "40")
    first = dense_study(*base, "--stop-when", "no-progress:2", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    record = collect_snapshot(RunDirectory(tmp_path / "runs" / "s"))
    count = len(record.trials)
    assert record.stopped == Stopped("no-progress", count, 2)
    said = f"the search ends after {count} trials: no better trial for 2 trials"
    assert said in first.stderr
    shown = " ".join(dense_study("show", "s", cwd=tmp_path).stdout.split())
    assert f"{count} of 40" in shown
    assert "ended early: no better trial for 2 trials" in shown

    again = dense_study("resume", "s", cwd=tmp_path)
    assert again.returncode == 0
    assert said in again.stderr
    longer = dense_study("resume", "s", "--trials", str(count + 2), cwd=tmp_path)
    assert longer.returncode == 0, longer.stderr
    total = f"--stop-when no-progress:2 holds no more, since {count + 2} trials were asked for"
    assert total in longer.stderr
    record = collect_snapshot(RunDirectory(tmp_path / "runs" / "s"))
    assert (len(record.trials), record.stopped, record.stop_when) == (count + 2, None, "never")


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_study_says_how_to_go_on(kind, tmp_path):
    command = [sys.executable, "-m", "study", "run", "smoke", "--name", "s", "--trials", "500"]
    with subprocess.Popen(
        [*command, "--jobs", "1"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while "[2/500]" not in process.stderr.readline():
            assert process.poll() is None
        os.kill(process.pid, kind)
        last = process.stderr.read().splitlines()[-1]
        assert process.stdout.read() == ""
    assert process.returncode == 130
    assert (tmp_path / "runs" / "s" / "log.txt").read_text().endswith(" was interrupted\n")
    assert last == "Stopped; all that was recorded is kept. To continue: dense-study resume s"
    record = collect_snapshot(RunDirectory(Path(tmp_path) / "runs" / "s"))
    ended = [trial for trial in record.trials if has_ended(trial)]
    assert len(ended) >= 2
    assert [trial.number for trial in ended] == list(range(len(ended)))
    assert {trial.state for trial in record.trials[len(ended) :]} <= {"interrupted"}


@pytest.mark.slow
def test_a_study_that_is_stopped_before_it_has_begun_leaves_nothing_and_says_so(tmp_path):
    command = [sys.executable, "-m", "study", "run", "smoke", "--no-confirm", "--jobs", "1"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == "stage 1 of 4: start\n"
        os.kill(process.pid, signal.SIGINT)
        last = process.stderr.read().splitlines()[-1]
        assert process.stdout.read() == ""
    assert process.returncode == 130
    assert last == "Stopped before the study had begun; nothing is kept."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_deterministic_study_with_two_workers_repeats_to_the_bit(dense_study, tmp_path):
    answers = []
    for name in ("a", "b"):
        done = dense_study(
            *("run", "smoke", "--name", name, "--trials", "16", "--jobs", "2"),
            *("--deterministic", "--no-confirm", "--quiet"),
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        trials = collect_snapshot(RunDirectory(tmp_path / "runs" / name)).trials
        answers.append([answer(trial) for trial in trials])
    assert answers[0] == answers[1]


def answer(trial):
    outcome = (trial.number, trial.state, trial.params, trial.seed, trial.accuracy, trial.loss)
    curve = [(row.epoch, row.train_loss, row.validation_accuracy) for row in trial.curve]
    return (*outcome, trial.weights_hash, curve)
