"""Processes that are forked with Keras in them: their start, their end, and that of the server."""

import os
import signal
import subprocess
import sys
from multiprocessing import Pipe

import psutil
import pytest

from reports.child_process import child_environment
from study.executors.fork_server import Start, is_possible
from study.executors.forked_process import ForkServer
from study.executors.worker_process import SETTINGS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_possible(), reason="this system has no descriptors of processes"),
]

# What a forked process runs: it answers what it is asked, until it is asked to end.
STRANGER = """
import os, sys
from multiprocessing.connection import Connection

def main(descriptor):
    pipe = Connection(descriptor)
    while True:
        match pipe.recv():
            case "imported":
                pipe.send("tensorflow" in sys.modules)
            case "surroundings":
                print("said by the child", flush=True)
                pipe.send((os.getcwd(), os.environ["DENSE_STUDY_X"], os.getsid(0) == os.getpid()))
            case "descriptors":
                pipe.send(len(os.listdir("/proc/self/fd")))
            case "fail":
                raise ValueError("a bug")
            case "exit":
                raise SystemExit(7)
            case "end":
                return
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("modules")
    (folder / "stranger.py").write_text(STRANGER)
    found = child_environment(SETTINGS)
    return {**found, "PYTHONPATH": str(folder), "DENSE_STUDY_X": "of the server"}


@pytest.fixture(scope="module")
def server(environment, tmp_path_factory):
    server = ForkServer(environment, tmp_path_factory.mktemp("server") / "log.txt")
    yield server
    server.close()


@pytest.fixture
def open_server(environment, tmp_path):
    servers = []

    def start(**given):
        servers.append(ForkServer({**environment, **given}, tmp_path / "server.txt"))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def begin(environment, tmp_path):
    begun = []

    def start(server, **given):
        start = Start("stranger", "study-stranger", str(tmp_path), {**environment, **given})
        ours, theirs = Pipe()
        with theirs:
            process = server.start(start, theirs.fileno(), tmp_path / "log.txt")
        begun.append((process, ours))
        return process, ours

    yield start
    for process, pipe in begun:
        pipe.close()
        process.kill()
        process.wait()


def asked(pipe, question):
    pipe.send(question)
    return pipe.recv()


def test_it_has_keras_and_the_surroundings_that_were_asked_for(server, begin, tmp_path):
    process, pipe = begin(server, DENSE_STUDY_X="of the process")
    assert asked(pipe, "imported")
    assert asked(pipe, "surroundings") == (str(tmp_path), "of the process", True)
    assert psutil.Process(process.pid).name() == "study-stranger"
    assert process.poll() is None
    pipe.send("end")
    assert process.wait() == 0
    assert (tmp_path / "log.txt").read_text() == "said by the child\n"


@pytest.mark.parametrize(("order", "code"), [("fail", 1), ("exit", 7), ("end", 0)])
def test_its_exit_code_is_reported(server, begin, order, code, tmp_path):
    process, pipe = begin(server)
    pipe.send(order)
    assert process.wait() == code
    assert ("ValueError: a bug" in (tmp_path / "log.txt").read_text()) == (order == "fail")


def test_one_that_is_killed_says_by_what(server, begin):
    process, _ = begin(server)
    process.kill()
    process.kill()
    assert process.wait() == -signal.SIGKILL
    other, _ = begin(server)
    os.kill(other.pid, signal.SIGTERM)
    assert other.wait() == -signal.SIGTERM


def test_it_holds_no_descriptor_of_its_siblings(server, begin):
    first, pipe = begin(server)
    alone = asked(pipe, "descriptors")
    siblings = [begin(server) for _ in range(5)]
    for _, other in siblings:
        assert asked(other, "descriptors") == alone
    pipe.close()
    # Its end of the pipe is nobody else's, so that it hears that nobody wants it any more.
    assert first.wait() == 1


def test_one_that_has_not_begun_is_killed_without_a_wait(begin, open_server):
    busy = open_server()
    process, pipe = begin(busy)  # the server imports Keras meanwhile
    process.kill()
    assert process.wait(0.0) == -signal.SIGKILL
    _, other = begin(busy)
    assert asked(other, "imported")
    with pytest.raises((EOFError, ConnectionResetError)):
        pipe.recv()


def test_the_servers_end_is_that_of_its_processes(begin, open_server):
    server = open_server()
    process, _ = begin(server)
    forked = psutil.Process(process.pid)
    forked.suspend()  # whatever it is doing
    forked.parent().kill()
    assert process.wait() == -signal.SIGKILL
    assert psutil.wait_procs([forked], 60)[1] == []
    late, pipe = begin(server)
    with pytest.raises((EOFError, ConnectionResetError)):
        pipe.recv()
    assert late.wait() == -signal.SIGKILL
    assert not server.is_alive


def test_a_server_that_cannot_begin_shows_as_the_end_of_its_processes(
    environment, begin, open_server, tmp_path
):
    (tmp_path / "tensorflow.py").write_text("raise SystemExit(3)\n")
    path = f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"
    server = open_server(PYTHONPATH=path)
    process, pipe = begin(server)
    with pytest.raises((EOFError, ConnectionResetError)):
        pipe.recv()
    assert process.wait() == 3
    assert process.pid == 0


@pytest.mark.parametrize("moment", ["as it imports", "as its process works"])
def test_they_end_with_the_program_that_asked_for_them(moment, environment, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import sys, time\n"
        "from multiprocessing import Pipe\n"
        "from pathlib import Path\n"
        "from reports.child_process import child_environment\n"
        "from study.executors.forked_process import start_forked\n"
        "ours, theirs = Pipe()\n"
        "process = start_forked(\n"
        "    'stranger', 'study-stranger', child_environment({}), theirs.fileno(),"
        "    Path('log.txt'),\n"
        ")\n"
        "theirs.close()\n"
        "if sys.argv[1] == 'as its process works':\n"
        "    ours.send('imported')\n"
        "    ours.recv()\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, str(program), moment],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as asking:
        assert asking.stdout is not None
        asking.stdout.readline()
        family = psutil.Process(asking.pid).children(recursive=True)
        assert family
        asking.kill()
    assert psutil.wait_procs(family, 60)[1] == []
