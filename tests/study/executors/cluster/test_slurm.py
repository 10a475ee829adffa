"""Studies through a real Slurm on this host, and the job script where there is no Slurm."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from distributed.security import Security

from study.executors.cluster.cluster_file import parse_cluster
from study.executors.cluster.connection import connected
from tests.study.executors.cluster.held import let_go

# Debian puts daemons where only root looks for commands.
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
DAEMONS = ("munged", "slurmctld", "slurmd")
TOOLS = ("sbatch", "scancel", "sinfo", "squeue")
# Only a hang takes so long, however busy the machine is.
LIMIT_SECONDS = 600

# No cgroups, no systemd and no accounting: a container may have none of them. The node need not
# have what it says it has, so that the tests do the same on every machine.
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory=16000
PartitionName=debug Nodes={host} Default=YES State=UP
"""

CLUSTER = """
class = "dask_jobqueue.SLURMCluster"
{size}

[options]
queue = "{queue}"
cores = 1
processes = 1
memory = "1500MB"
walltime = "00:20:00"
python = "{python}"
local_directory = "{folder}/scratch"
log_directory = "{folder}/jobs"
interface = "lo"
scheduler_options = {{ host = "127.0.0.1", dashboard_address = "127.0.0.1:0" }}
"""
MADE_CERTIFICATES = """
security = true
shared_temp_directory = "{folder}"
"""
OWN_CERTIFICATES = """
[security]
ca_file = "{folder}/cert.pem"
cert = "{folder}/cert.pem"
key = "{folder}/key.pem"
"""
# Dask waits so long for a lost worker to come back before it submits another job.
SOON = ("DASK_DISTRIBUTED__DEPLOY__LOST_WORKER_TIMEOUT=1s",)
ONE, TWO = "workers = 1", "workers = 2"
UP_TO_TWO = "adapt = { minimum = 0, maximum = 2 }"
ONE_OR_TWO = "adapt = { minimum = 1, maximum = 2 }"


class Slurm:
    """A controller and a node on loopback, with a folder, a key and ports of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._configuration = folder / "slurm.conf"
        self._daemons: list[subprocess.Popen[bytes]] = []
        self.within = ("env", f"SLURM_CONF={self._configuration}")

    def start(self) -> None:
        """Start everything and wait until the node takes jobs."""
        folder = self._folder
        folder.chmod(0o755)  # munge wants every user to reach its socket
        for name in ("state", "spool"):
            (folder / name).mkdir()
        (folder / "munge.key").touch(0o600)
        (folder / "munge.key").write_bytes(os.urandom(128))
        host, user = socket.gethostname().partition(".")[0], psutil.Process().username()
        self._configuration.write_text(
            CONFIGURATION.format(host=host, user=user, folder=folder, ports=free_ports(2))
        )
        own = (f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "seed"))
        self._spawn("munged", "--foreground", f"--socket={folder}/munge.socket", *own)
        wait((folder / "munge.socket").exists, self.said)
        self._spawn("slurmctld", "-D")
        self._spawn("slurmd", "-D")
        wait(self._is_idle, self.said)

    def close(self) -> None:
        """Cancel what runs and end everything that was started, jobs and all."""
        try:
            for job in self.jobs():
                self.cancel(job)
            wait(lambda: not self.jobs(), self.said)
        finally:
            for daemon in reversed(self._daemons):
                daemon.terminate()
                daemon.wait(LIMIT_SECONDS)
            for process in self.processes():
                process.kill()

    def jobs(self) -> list[str]:
        """Return the numbers of the jobs that wait, run or are about to end."""
        return self._ask("squeue", "--noheader", "--format=%i").stdout.split()

    def cancel(self, job: str) -> None:
        """Cancel a job, unless it has just ended."""
        self._ask("scancel", job, check=False)

    def processes(self) -> list[psutil.Process]:
        """Return all processes that know this Slurm: daemons, jobs, and who submits to it."""
        found = []
        for process in psutil.process_iter():
            # Some may not be looked at, and any may end meanwhile.
            with suppress(psutil.Error):
                if process.environ().get("SLURM_CONF") == str(self._configuration):
                    found.append(process)
        return found

    def said(self) -> str:
        """Return what the daemons wrote."""
        return "\n".join(path.read_text() for path in sorted(self._folder.glob("*.txt")))

    def _is_idle(self) -> bool:
        # The controller may not answer yet.
        answer = self._ask("sinfo", "--noheader", "--format=%T", check=False)
        return answer.stdout.split() == ["idle"]

    def _ask(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run((*self.within, *command), check=check, capture_output=True, text=True)

    def _spawn(self, daemon: str, *arguments: str) -> None:
        found = shutil.which(daemon, path=PLACES)
        assert found is not None
        with (self._folder / f"{daemon}.txt").open("ab") as output:
            self._daemons.append(
                subprocess.Popen(
                    (*self.within, found, *arguments),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            )


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait(holds: Callable[[], bool], said: Callable[[], str] = str) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + LIMIT_SECONDS
    while not holds():
        assert time.monotonic() < limit, f"it did not come to hold in time\n{said()}"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def slurm() -> Iterator[Slurm]:
    """A real Slurm that takes jobs."""
    missing = [name for name in (*DAEMONS, *TOOLS) if shutil.which(name, path=PLACES) is None]
    if missing:
        pytest.skip(f"no Slurm is installed: {', '.join(missing)} missing")
    # Short, since the path of a socket may not be long.
    with (
        tempfile.TemporaryDirectory(prefix="slurm-") as folder,
        closing(Slurm(Path(folder))) as started,
    ):
        started.start()
        yield started


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    """Return what writes a cluster's file, with certificates beside it, and returns its path."""

    def write(size: str, more: str, queue: str = "debug", python: str | None = None) -> str:
        made = Security.temporary()
        (tmp_path / "cert.pem").write_text(made.tls_ca_file)
        (tmp_path / "key.pem").touch(0o600)
        (tmp_path / "key.pem").write_text(made.tls_scheduler_key)
        path = tmp_path / "slurm.toml"
        text = (CLUSTER + more).format(
            size=size, queue=queue, folder=tmp_path, python=python or sys.executable
        )
        path.write_text(text)
        return str(path)

    return write


def secrets_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob(".dask-jobqueue*")]


@pytest.fixture
def submitted(tmp_path: Path, monkeypatch) -> Path:
    """Put commands that act like a queue before those of Slurm; return where a job script goes."""
    script, folder = tmp_path / "submitted.sh", tmp_path / "bin"
    commands = {
        "sbatch": f'cp "$1" {shlex.quote(str(script))}; echo Submitted batch job 7',
        "squeue": "echo 7",
        "scancel": "",
    }
    folder.mkdir()
    for name, does in commands.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return script


def test_the_job_script_asks_for_what_the_file_says_and_hands_on_the_certificates(
    written, submitted, tmp_path: Path
) -> None:
    path = Path(written(UP_TO_TWO, OWN_CERTIFICATES))
    cluster = parse_cluster(path.read_text(), str(path))
    with connected(cluster, False, tmp_path / "log.txt") as connection:
        script = submitted.read_text()
        address = connection.address
    assert address.startswith("tls://127.0.0.1:")
    shebang, *directives, command = filter(None, script.splitlines())
    assert shebang == "#!/usr/bin/env bash"
    assert directives == [
        "#SBATCH -J dask-worker",
        f"#SBATCH -e {tmp_path}/jobs/dask-worker-%J.err",
        f"#SBATCH -o {tmp_path}/jobs/dask-worker-%J.out",
        "#SBATCH -p debug",
        "#SBATCH -n 1",
        "#SBATCH --cpus-per-task=1",
        "#SBATCH --mem=2G",
        "#SBATCH -t 00:20:00",
    ]
    python, *words = shlex.split(command)
    assert python == sys.executable
    assert words[:3] == ["-m", "distributed.cli.dask_worker", address]
    after = dict(pairwise(words))
    assert after["--nthreads"] == "1"
    assert after["--interface"] == "lo"
    assert after["--local-directory"] == f"{tmp_path}/scratch"
    assert after["--tls-ca-file"] == after["--tls-cert"] == f"{tmp_path}/cert.pem"
    assert after["--tls-key"] == f"{tmp_path}/key.pem"


@pytest.mark.slow
def test_a_study_on_slurm_gives_the_trials_of_this_machine_and_leaves_no_job(
    slurm, hold, written, begin, asked_study, answers, trained_alone, tmp_path: Path
) -> None:
    asked = (*asked_study, "--trials", "6", "--cluster", written(ONE_OR_TWO, MADE_CERTIFICATES))
    study = begin(tmp_path / "runs", *asked, within=slurm.within, trains=True)
    held = hold(slurm.processes)
    assert len(secrets_in(tmp_path)) == 3, "the authority, a certificate and its key"
    let_go(held)
    assert study.end() == (0, [])
    assert answers(study.trials()) == trained_alone[:6]
    assert "worker 1 is tls://127.0.0.1:" in study.run.workers_log.read_text()
    wait(lambda: slurm.jobs() == [])
    assert secrets_in(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [ONE, UP_TO_TWO], ids=["fixed", "adaptive"])
def test_a_cancelled_job_is_replaced_and_every_trial_is_reported_once(
    slurm, hold, written, begin, asked_study, answers, alone, tmp_path: Path, size: str
) -> None:
    asked = (*asked_study, "--trials", "8", "--cluster", written(size, OWN_CERTIFICATES))
    study = begin(tmp_path / "runs", *asked, within=slurm.within + SOON)
    study.until_asked(3)
    hold(slurm.processes)
    first = slurm.jobs()
    for job in first:
        slurm.cancel(job)
    wait(lambda: bool(set(slurm.jobs()) - set(first)), study.run.workers_log.read_text)
    assert study.end() == (0, [])
    assert answers(study.trials()) == alone[:8]
    assert "worker 1 left" in study.run.workers_log.read_text()
    wait(lambda: slurm.jobs() == [])


@pytest.mark.slow
@pytest.mark.parametrize("size", [ONE, UP_TO_TWO], ids=["fixed", "adaptive"])
def test_a_job_that_is_cancelled_before_its_worker_came_is_replaced(
    slurm, written, begin, asked_study, answers, alone, tmp_path: Path, size: str
) -> None:
    # No worker comes before the gate is open.
    gate, opened = tmp_path / "python", tmp_path / "open"
    gate.write_text(
        f'#!/bin/sh\nwhile [ ! -e {opened} ]; do sleep 0.1; done\nexec {sys.executable} "$@"\n'
    )
    gate.chmod(0o755)
    at = ("--cluster", written(size, OWN_CERTIFICATES, python=str(gate)))
    study = begin(tmp_path / "runs", *asked_study, "--trials", "2", *at, within=slurm.within + SOON)
    wait(lambda: slurm.jobs() != [])
    first = slurm.jobs()[0]
    slurm.cancel(first)
    wait(lambda: first not in slurm.jobs())
    opened.touch()
    assert study.end() == (0, [])
    assert answers(study.trials()) == alone[:2]
    assert f"job {first} ended before its worker came" in study.run.workers_log.read_text()
    wait(lambda: slurm.jobs() == [])


@pytest.mark.slow
def test_jobs_that_bring_no_worker_end_the_study_and_are_not_submitted_for_ever(
    slurm, written, begin, asked_study, tmp_path: Path
) -> None:
    at = ("--cluster", written(TWO, OWN_CERTIFICATES, python="/nowhere/python"))
    study = begin(tmp_path / "runs", *asked_study, "--trials", "2", *at, within=slurm.within + SOON)
    code, errors = study.end()
    assert code == 1
    assert len(errors) == 1
    assert "no job of SLURMCluster started a worker" in errors[0]
    written_there = "".join(path.read_text() for path in (tmp_path / "jobs").iterdir())
    assert str(tmp_path / "jobs") in errors[0]
    # Two jobs, three times over; on a busy machine a look may find one of two ended, and count it.
    assert 3 <= written_there.count("/nowhere/python") <= 6
    wait(lambda: slurm.jobs() == [])


@pytest.mark.slow
def test_jobs_end_when_their_coordinator_is_killed_and_the_study_goes_on_from_there(
    slurm, hold, written, begin, asked_study, answers, alone, tmp_path: Path
) -> None:
    at = ("--cluster", written(TWO, MADE_CERTIFICATES))
    study = begin(tmp_path / "runs", *asked_study, "--trials", "8", *at, within=slurm.within)
    study.until_asked(4)
    hold(slurm.processes)
    study.process.kill()
    study.process.wait()
    wait(lambda: slurm.jobs() == [])
    again = begin(tmp_path / "runs", "resume", study.run.name, *at, within=slurm.within)
    assert again.end() == (0, [])
    assert answers(again.trials()) == alone[:8]
    wait(lambda: slurm.jobs() == [])


@pytest.mark.slow
@pytest.mark.parametrize("size", [TWO, UP_TO_TWO], ids=["fixed", "adaptive"])
def test_what_the_queue_refuses_is_reported_with_its_reason(
    slurm, written, begin, asked_study, tmp_path: Path, size: str
) -> None:
    at = ("--cluster", written(size, MADE_CERTIFICATES, queue="nowhere"))
    study = begin(tmp_path / "runs", *asked_study, "--trials", "2", *at, within=slurm.within)
    code, errors = study.end()
    assert code == 1
    assert len(errors) == 1
    assert "slurm.toml: dask_jobqueue.SLURMCluster could not start workers: " in errors[0]
    assert "sbatch: error: invalid partition specified: nowhere" in errors[0]
