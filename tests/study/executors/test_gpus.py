"""GPUs are found by the process that lists them, and workers share them."""

import subprocess
import sys
from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from study.cli import exit_code
from study.executors.choose import Place
from study.executors.gpus import Gpu, chosen_gpus, named
from study.executors.protocol import Finished, Started

pytestmark = pytest.mark.slow

VISIBLE = "CUDA_VISIBLE_DEVICES"
# Lists as many GPUs as the environment says it may, or two; the arguments are its names.
LISTING = """
import os, sys
from multiprocessing.connection import Connection
print("looked among", os.environ.get("CUDA_VISIBLE_DEVICES", "all"), flush=True)
Connection(int(sys.argv[-1])).send(sys.argv[1:-1])
"""


@pytest.fixture
def listing(tmp_path: Path):
    """Return what starts a process that names these GPUs."""
    script = tmp_path / "listing.py"
    script.write_text(LISTING)
    return lambda *names: (sys.executable, str(script), *names)


def chosen(tmp_path, device, command):
    said: list[str] = []
    found = chosen_gpus(device, tmp_path / "log.txt", said.append, command)
    return found, said


def test_another_device_is_one_message(tmp_path):
    with pytest.raises(FaultError) as caught:
        chosen(tmp_path, "tpu", ())
    assert str(caught.value) == "--device: no such device; got tpu; allowed: cpu, gpu, auto"


def test_the_processor_needs_no_look(tmp_path):
    assert chosen(tmp_path, "cpu", ("/no/such/program",)) == ((), [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("device", ["gpu", "auto"])
def test_all_gpus_are_taken_by_their_numbers(device, listing, tmp_path, monkeypatch):
    monkeypatch.delenv(VISIBLE, raising=False)
    found, said = chosen(tmp_path, device, listing("A 100", "A 200"))
    assert found == (Gpu("0", "A 100"), Gpu("1", "A 200"))
    assert said == []
    assert (tmp_path / "log.txt").read_text() == "looked among all\n"


def test_what_the_user_lets_be_seen_is_kept_to(listing, tmp_path, monkeypatch):
    monkeypatch.setenv(VISIBLE, "3, GPU-5e1f")
    found, _ = chosen(tmp_path, "gpu", listing("A 100", "A 200"))
    assert found == (Gpu("3", "A 100"), Gpu("GPU-5e1f", "A 200"))
    assert (tmp_path / "log.txt").read_text() == "looked among 3, GPU-5e1f\n"


def test_none_is_a_fault_where_one_is_asked_for_and_said_where_it_is_not(listing, tmp_path):
    with pytest.raises(FaultError) as caught:
        chosen(tmp_path, "gpu", listing())
    assert str(caught.value) == (
        "--device: TensorFlow sees no GPU; got gpu; allowed: cpu, auto; a GPU needs TensorFlow "
        "with CUDA (pip install 'tensorflow[and-cuda]') and a driver for the card"
    )
    assert chosen(tmp_path, "auto", listing()) == (
        (),
        ["TensorFlow sees no GPU: the processor trains."],
    )


def test_a_look_that_fails_is_one_message(tmp_path):
    with pytest.raises(FaultError) as caught:
        chosen(tmp_path, "gpu", (sys.executable, "-c", "raise SystemExit('no driver')"))
    assert str(caught.value) == (
        "--device: the process that looks for GPUs ended with exit code 1; got no driver"
    )


def test_records_name_gpus_with_how_many_there_are():
    several = [Gpu("0", "A 100"), Gpu("1", "A 200"), Gpu("2", "A 100")]
    assert named(several) == "2 x GPU A 100, GPU A 200"
    assert named([]) == ""


def test_how_to_go_on_names_the_device():
    assert Place(device="auto").as_options() == ["--device", "auto"]
    assert Place().as_options() == []


def test_a_study_without_the_gpu_it_asks_for_leaves_nothing(tmp_path, capsys):
    if chosen(tmp_path, "auto", ())[0]:
        pytest.skip("this machine has a GPU")
    folder = tmp_path / "runs"
    assert exit_code(["run", "smoke", "--device", "gpu", "--runs-dir", str(folder)]) == 1
    assert "--device: TensorFlow sees no GPU; got gpu" in capsys.readouterr().err
    assert not folder.exists()


def test_tensorflow_lists_what_this_machine_has(tmp_path, monkeypatch):
    program = "import tensorflow as tf; print(len(tf.config.list_physical_devices('GPU')))"
    monkeypatch.delenv(VISIBLE, raising=False)
    listed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    found, _ = chosen(tmp_path, "auto", ())
    assert len(found) == int(listed.stdout)


def test_workers_share_gpus_in_turn_and_say_on_which_they_trained(
    sleeping, make_job, until_end, tmp_path
):
    script = tmp_path / "sleeper.py"
    script.write_text(
        script.read_text().replace("seed / 1000", f'int(os.environ["{VISIBLE}"]) / 10')
    )
    gpus = (Gpu("3", "A 100"), Gpu("7", "A 200"))
    executor = sleeping(3, gpus=gpus)
    while not executor.all_ready:
        executor.events(0.5)
    for number in range(3):
        executor.start(make_job(number, epochs=40))
    found = {}
    events = []
    while len(found) < 3:
        events += executor.events(0.5)
        workers = {one.job: one.worker for one in events if isinstance(one, Started)}
        found = {workers[one.job]: one for one in events if isinstance(one, Finished)}
    assert {
        worker: (end.result.accuracy, end.machine.rpartition(", ")[2])
        for worker, end in found.items()
    } == {
        "worker 1": (0.3, "GPU A 100"),
        "worker 2": (0.7, "GPU A 200"),
        "worker 3": (0.3, "GPU A 100"),
    }
    # One that takes another's place has its GPU.
    executor.start(make_job(4, epochs=1000))
    executor.kill(4)
    until_end(executor, 4)
    executor.start(make_job(5))
    assert until_end(executor, 5)[-1].result.accuracy in (0.3, 0.7)


def test_without_gpus_a_worker_sees_none(sleeping, make_job, until_end, tmp_path):
    script = tmp_path / "sleeper.py"
    script.write_text(
        script.read_text().replace("seed / 1000", f'-int(os.environ["{VISIBLE}"]) / 10')
    )
    executor = sleeping(1)
    executor.start(make_job(0))
    end = until_end(executor, 0)[-1]
    assert end.result.accuracy == 0.1
    assert "GPU" not in end.machine
