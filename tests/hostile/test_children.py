"""Child processes run our code alone, in an environment of ours, and end with their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from reports.child_process import child_command, child_environment
from search_spaces.faults import FaultError, fault
from study.config import config_from_params
from study.data.values import About
from study.executors.worker_process import SETTINGS, start_worker
from study.networks.tasks import Classify, Shape, Summarize, network_process
from study.run_dir.temporary import temporary_run

ROOT = Path(__file__).parents[2]
KINDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Whoever runs these tests may ignore the end of the terminal, and children take after it.
HEARING = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
ABOUT = About("made-up", (2, 2), ("a", "b"), 1.0, "f" * 64, 3)
CONFIG = config_from_params({"depth": 1, "width": 3})
WEIGHTS = (
    np.eye(4, 3, dtype=np.float32),
    np.zeros(3, np.float32),
    np.eye(3, 2, dtype=np.float32),
    np.zeros(2, np.float32),
)
# What was seen to change answers, and some of its kind.
CHANGES = {
    "KERAS_BACKEND": "jax",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "PYTHONWARNINGS": "error",
    "PYTHONSTARTUP": "x",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2",
    "TF_NUM_INTRAOP_THREADS": "7",
    "OMP_NUM_THREADS": "7",
    "OPENBLAS_CORETYPE": "Prescott",
    "NPY_DISABLE_CPU_FEATURES": "AVX2",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2",
    "LD_PRELOAD": "",
    "CUDA_VISIBLE_DEVICES": "0",
}


def test_settings_that_could_change_numbers_do_not_reach_a_child(monkeypatch):
    for name, value in CHANGES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("DENSE_STUDY_DATA", "/data")

    found = child_environment(SETTINGS)

    assert {name: found[name] for name in SETTINGS} == SETTINGS
    assert set(CHANGES) & set(found) <= set(SETTINGS)
    assert (found["LC_ALL"], found["DENSE_STUDY_DATA"]) == ("C.UTF-8", "/data")
    assert found["PATH"] == os.environ["PATH"]


def test_the_settings_of_keras_are_ours():
    home = Path(SETTINGS["KERAS_HOME"])
    assert '"floatx": "float32"' in (home / "keras.json").read_text()


@pytest.mark.slow
def test_answers_are_the_same_whatever_the_user_has_set_for_keras(monkeypatch, tmp_path):
    (tmp_path / "keras.json").write_text('{"floatx": "float16", "backend": "jax"}')
    for name, value in CHANGES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    inputs = np.random.default_rng(0).random((3000, 4), dtype=np.float32)

    with network_process(tmp_path / "log.txt") as ask:
        found = ask(Classify(CONFIG, WEIGHTS, inputs, ABOUT))

    hidden = np.maximum(inputs @ WEIGHTS[0], 0) @ WEIGHTS[2]
    expected = np.exp(hidden) / np.exp(hidden).sum(axis=1, keepdims=True)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.slow
def test_a_process_that_dies_is_replaced_and_asked_again(tmp_path):
    def networks() -> set[psutil.Process]:
        family = psutil.Process().children(recursive=True)
        return {one for one in family if _name(one) == "study-networks"}

    # Other tests of this process may have left one that they share.
    others = networks()

    def killed() -> set[int]:
        own = networks() - others
        for one in own:
            one.kill()
        psutil.wait_procs(own, 30)
        return {one.pid for one in own}

    with network_process(tmp_path / "log.txt") as ask:
        summary = ask(Summarize(Shape(CONFIG, 4, 2)))
        assert len(killed()) == 1
        assert ask(Summarize(Shape(CONFIG, 4, 2))) == summary
    assert killed() == set()


@pytest.mark.slow
def test_answers_that_are_no_numbers_are_a_fault(tmp_path):
    broken = (WEIGHTS[0] * np.float32("nan"), *WEIGHTS[1:])
    inputs = np.ones((5, 4), np.float32)
    with network_process(tmp_path / "log.txt") as ask, pytest.raises(FaultError) as caught:
        ask(Classify(CONFIG, broken, inputs, ABOUT))
    assert str(caught.value) == (
        "network: gave answers that are not numbers to 5 of 5 inputs; "
        "allowed: finite weights and inputs"
    )


@pytest.mark.slow
def test_the_folder_where_the_user_stands_is_never_imported_from(tmp_path):
    names = ("study", "reports", "random", "h5py", "numpy", "json", "keras", "kaleido")
    for name in names:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a stranger was run')\n")
    asked = ("run", "smoke", "--trials", "2", "--confirm-seeds", "2", "--name", "s")
    command = [sys.executable, "-P", "-m", "study", *asked]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stderr
    assert "a stranger was run" not in (tmp_path / "runs" / "s" / "workers.txt").read_text()

    bundle = tmp_path / "runs" / "s" / "best"
    (bundle / "h5py.py").write_text("raise SystemExit('a stranger was run')\n")
    command = [sys.executable, "-P", "-m", "study", "verify", "--hashes-only", "."]
    done = subprocess.run(
        command, cwd=bundle, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (1, "Error: h5py.py: not in the manifest\n")


def test_children_are_started_without_the_current_folder():
    module = "study.executors.worker"
    assert child_command(module)[1:] == ("-P", "-m", "reports.child_process", module)
    assert child_environment({})["PYTHONSAFEPATH"] == "1"


@pytest.fixture
def sleeper(tmp_path, monkeypatch):
    """A module that sleeps, in a child as soon as it runs."""
    (tmp_path / "sleeper.py").write_text(
        "import os, sys, time\n"
        "print(__name__, sys.argv[1:], 'DENSE_STUDY_PARENT' in os.environ, flush=True)\n"
        "time.sleep(600)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    return "sleeper"


def test_a_child_ends_with_its_parent_whatever_it_is_doing(sleeper, tmp_path):
    code = (
        "import subprocess, time; from reports.child_process import *\n"
        f"command = [*child_command({sleeper!r}), 'x']\n"
        "child = subprocess.Popen(command, env=child_environment({}))\n"
        "print(child.pid, flush=True); time.sleep(600)\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        lines = {parent.stdout.readline(), parent.stdout.readline()}
        said = b"__main__ ['x'] False\n"
        assert said in lines
        child = psutil.Process(int((lines - {said}).pop()))
        parent.kill()
    assert psutil.wait_procs([child], 60)[1] == []


def test_a_child_whose_parent_ended_before_it_could_ask_ends_at_once(sleeper):
    environment = child_environment({}) | {"DENSE_STUDY_PARENT": str(os.getpid() + 1)}
    command = [*child_command(sleeper)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")


@pytest.mark.parametrize(("deaths", "is_there"), [(2, True), (3, False)])
def test_a_process_that_is_killed_while_it_starts_is_started_again(deaths, is_there, tmp_path):
    script = tmp_path / "dies.py"
    script.write_text(
        "import os, pathlib, sys\n"
        "from multiprocessing.connection import Connection\n"
        "starts = pathlib.Path(__file__).with_name('starts')\n"
        "with starts.open('a') as file:\n"
        "    file.write('x')\n"
        f"if len(starts.read_text()) <= {deaths}:\n"
        "    os.kill(os.getpid(), 9)\n"
        "pipe = Connection(int(sys.argv[1]))\n"
        "pipe.send('ready'); pipe.recv(); pipe.send('a network'); pipe.recv()\n"
    )
    log = tmp_path / "log.txt"
    command = (sys.executable, str(script))
    if is_there:
        with network_process(log, command) as ask:
            assert ask(Summarize(Shape(CONFIG, 4, 2))) == "a network"
    else:
        with pytest.raises(FaultError) as caught, network_process(log, command):
            pass
        assert str(caught.value) == f"{log}: the process that holds Keras ended; see the log"
    assert (tmp_path / "starts").read_text() == "xxx"


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_to_end_before_the_command_line_is_there_ends_it_quietly(kind):
    code = (
        "import os, time, types, study.__main__ as started\n"
        "def import_module(_):\n"
        f"    os.kill(os.getpid(), {kind.value}); time.sleep(60)\n"
        "started.importlib = types.SimpleNamespace(import_module=import_module)\n"
        "started.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{HEARING}{code}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["lasting_streams", "exit_code", "sys.exit", "atexit"])
def test_a_request_to_end_around_a_command_ends_it_quietly(place, kind):
    code = (
        "import atexit, os, sys, time, study.cli, study.__main__\n"
        "def strike(*_, **__):\n"
        f"    os.kill(os.getpid(), {kind.value}); time.sleep(60)\n"
        f"if {place!r} == 'atexit':\n"
        "    atexit.register(strike)\n"
        f"elif {place!r} == 'sys.exit':\n"
        "    sys.exit = strike\n"
        "else:\n"
        f"    setattr(study.cli, {place!r}, strike)\n"
        "sys.argv = ['dense-study', '--version']\n"
        "study.__main__.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{HEARING}{code}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (130, "Stopped.\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_of_ending_a_command_cleans_up(kind):
    code = (
        "import sys, time, click, study.cli\n"
        "from study.run_dir.temporary import temporary_run\n"
        "@click.command()\n"
        "def waits():\n"
        "    with temporary_run() as run:\n"
        "        print(run.root, flush=True)\n"
        "        time.sleep(600)\n"
        "study.cli.cli.get_command = lambda *_: waits\n"
        "study.cli.main(['waits'])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{HEARING}{code}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert folder.is_dir()
        process.send_signal(kind)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "Stopped.")
    assert not folder.exists()


def test_under_nohup_the_end_of_the_terminal_ends_nothing():
    code = (
        "import signal, os, study.coordinator.interrupts as own\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "own.end_quietly()\n"
        "with own.raised_interrupts(), own.caught_interrupts() as interrupts:\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    assert interrupts.count == 0\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    assert interrupts.count == 1\n"
        "os.kill(os.getpid(), signal.SIGHUP)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_fault_that_refers_to_a_log_refers_to_one_that_stays():
    folders = []

    def fail() -> None:
        with temporary_run() as run:
            folders.append(run.root)
            run.workers_log.write_text("the reason\n")
            raise fault(str(run.workers_log), "workers do not start; what they said is in the log")

    with pytest.raises(FaultError) as caught:
        fail()
    kept = Path(caught.value.faults[0].where)
    assert kept.read_text() == "the reason\n"
    assert not folders[0].exists()
    kept.unlink()


def test_a_worker_is_started_in_that_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    script = tmp_path / "said.py"
    script.write_text("import os; print(sorted(os.environ))")
    worker = start_worker([sys.executable, str(script)], tmp_path / "log.txt")
    while not worker.receive() and not worker.ended:
        time.sleep(0.01)
    worker.join()
    said = (tmp_path / "log.txt").read_text()
    assert "PYTHONWARNINGS" not in said
    assert "KERAS_HOME" in said


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""
