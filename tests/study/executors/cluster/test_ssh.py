"""A study on hosts that are reached by SSH: a real sshd on loopback, with keys of its own."""

import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
import psutil
import pytest
import tomli_w
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.study.executors.cluster.held import let_go

pytestmark = pytest.mark.slow

HOST = "127.0.0.1"
# Set by sshd in every session, so that what a session left behind is known by its environment.
MARK = "DENSE_STUDY_TEST_SESSION"
# As Debian's sshd wants it, compiled in; its service makes it at start.
PRIVILEGE_SEPARATION = Path("/run/sshd")
SAME = ("number", "params", "seed", "state", "accuracy", "weights_hash")
STUDY = (
    *("--name", "s", "--seed", "3", "--sampler", "random", "--pruner", "none", "--no-confirm"),
    *("--folds", "1"),
)


@dataclass
class SshServer:
    """A running sshd; `mark` is in the environment of all that its sessions start."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def started(self) -> dict[int, str]:
        """Return the processes that sessions have started and that still run: pid and command."""
        found = {}
        for process in psutil.process_iter():
            # Processes of others may not be looked at, and any may end meanwhile.
            with suppress(psutil.Error):
                if process.environ().get(MARK) == self.mark:
                    found[process.pid] = " ".join(process.cmdline())
        return found

    def family(self) -> list[psutil.Process]:
        """Return the processes that sessions have started."""
        found = []
        for pid in self.started():
            with suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(pid))
        return found

    def options(self, workers: int = 2, **scheduler: object) -> dict[str, Any]:
        """Return SSHCluster's options for this server in the role of every host."""
        return {
            "hosts": [HOST] * (1 + workers),
            "remote_python": sys.executable,
            "connect_options": {
                "port": self.port,
                "username": getpass.getuser(),
                "client_keys": [str(self.folder / "user_key")],
                "known_hosts": str(self.folder / "known_hosts"),
            },
            "worker_options": {"nthreads": 1, "local_directory": str(self.folder / "scratch")},
            "scheduler_options": {"dashboard_address": f"{HOST}:0", **scheduler},
        }


@pytest.fixture
def ssh_server(
    tmp_path: Path, end_all: Callable[[Sequence[subprocess.Popen[bytes]]], None]
) -> Iterator[SshServer]:
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None:
        pytest.skip("no SSH server is installed: sshd is missing")
    folder = tmp_path / "ssh"
    folder.mkdir()
    mark, port = uuid.uuid4().hex, free_port()
    write_keys(folder, port)
    (folder / "sshd_config").write_text(configuration(folder, port, mark))
    makes_folder = os.geteuid() == 0 and not PRIVILEGE_SEPARATION.exists()
    if makes_folder:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sshd, "-D", "-e", "-f", str(folder / "sshd_config")],
            stderr=log,
            start_new_session=True,
        )
    server = SshServer(folder, port, process, mark)
    try:
        wait_for_port(server)
        yield server
    finally:
        end_all([process])
        for pid in server.started():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if makes_folder:
            PRIVILEGE_SEPARATION.rmdir()


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def write_keys(folder: Path, port: int) -> None:
    for name in ("host_key", "user_key"):
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(folder / name)
        (folder / name).chmod(0o600)
        key.write_public_key(folder / f"{name}.pub")
    public = (folder / "host_key.pub").read_text()
    (folder / "known_hosts").write_text(f"[{HOST}]:{port} {public}")


def configuration(folder: Path, port: int, mark: str) -> str:
    lines = {
        "Port": port,
        "ListenAddress": HOST,
        "HostKey": folder / "host_key",
        "AuthorizedKeysFile": folder / "user_key.pub",
        "PidFile": "none",
        "StrictModes": "no",  # a temporary folder's parents may be anybody's to write
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "SetEnv": f"{MARK}={mark}",
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def wait_for_port(server: SshServer) -> None:
    while server.process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((HOST, server.port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail((server.folder / "log").read_text())


def write_cluster(path: Path, options: dict[str, Any], **others: object) -> Path:
    file = {"class": "distributed.SSHCluster", **others, "options": options}
    path.write_text(tomli_w.dumps(file))
    return path


def run_study(cwd: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "study", "run", "smoke", *STUDY, "--quiet", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        cwd=cwd,
    )


def trials_of(cwd: Path) -> list[dict[str, Any]]:
    """Return what a study's record holds of its trials, but for where and when they ran."""
    command = [sys.executable, "-m", "study", "show", "s", "--json"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, cwd=cwd)
    return [{key: trial[key] for key in SAME} for trial in json.loads(shown.stdout)["trials"]]


@pytest.fixture(scope="module")
def run_here(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the trials of the same study in processes of this machine."""
    folder = tmp_path_factory.mktemp("here")
    done = run_study(folder, "--trials", 4, "--jobs", 1)
    assert done.returncode == 0, done.stderr
    return trials_of(folder)


def write_certificates(folder: Path) -> dict[str, str]:
    """Write an authority and a certificate that it signed; return the paths as [security] has."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's cluster")])
    certificates = {"ca.pem": (issuer, authority), "cert.pem": (subject, key)}
    for name, (who, whose) in certificates.items():
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(issuer, who, whose.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
            .add_extension(x509.BasicConstraints(name == "ca.pem", None), critical=True)
            .sign(authority, hashes.SHA256())
        )
        (folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(plain)
    names = {"ca_file": "ca.pem", "cert": "cert.pem", "key": "key.pem"}
    return {side: str(folder / name) for side, name in names.items()}


def test_a_study_on_ssh_hosts_is_the_study_that_runs_here_and_leaves_nothing_behind(
    ssh_server: SshServer, wait_until, tmp_path: Path, run_here: list[dict[str, Any]]
) -> None:
    file = write_cluster(tmp_path / "ssh.toml", ssh_server.options(host=HOST))
    done = run_study(tmp_path, "--trials", 4, "--cluster", file)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    wait_until(lambda: not ssh_server.started(), ssh_server.started)
    assert trials_of(tmp_path) == run_here
    log = (tmp_path / "runs" / "s" / "workers.txt").read_text()
    assert log.count(f" is tcp://{HOST}:") == 2, "both hosts' workers took part"
    assert list((ssh_server.folder / "scratch").glob("*/worker-*")) == []


def test_a_study_on_ssh_hosts_may_be_encrypted_with_certificates_of_ones_own(
    ssh_server: SshServer, wait_until, tmp_path: Path, run_here: list[dict[str, Any]]
) -> None:
    security = write_certificates(tmp_path)
    options = ssh_server.options()
    file = write_cluster(tmp_path / "ssh.toml", options, security=security)
    done = run_study(tmp_path, "--trials", 4, "--cluster", file)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    wait_until(lambda: not ssh_server.started(), ssh_server.started)
    assert trials_of(tmp_path) == run_here
    log = (tmp_path / "runs" / "s" / "workers.txt").read_text()
    assert log.count(" is tls://") == 2
    assert "tcp://" not in log, "nothing of the cluster was open"


def test_a_host_that_does_not_let_one_in_is_one_message(
    ssh_server: SshServer, tmp_path: Path
) -> None:
    options = ssh_server.options(host=HOST)
    options["connect_options"]["client_keys"] = [str(ssh_server.folder / "host_key")]
    done = run_study(tmp_path, "--cluster", write_cluster(tmp_path / "ssh.toml", options))
    assert done.returncode == 1
    (message,) = done.stderr.splitlines()
    assert message.startswith(f"Error: {tmp_path / 'ssh.toml'}: distributed.SSHCluster could not")
    assert "Permission denied" in message
    assert not (tmp_path / "runs" / "s" / "study.db").exists()


def test_hosts_that_others_could_reach_unencrypted_are_refused_before_any_is_asked(
    ssh_server: SshServer, tmp_path: Path
) -> None:
    file = write_cluster(tmp_path / "ssh.toml", ssh_server.options())
    done = run_study(tmp_path, "--cluster", file)
    assert done.returncode == 1
    what = "distributed.SSHCluster would start a scheduler that is open to other machines"
    assert done.stderr.startswith(f"Error: {file}: {what}; allowed: [security], ")
    assert "Accepted" not in (ssh_server.folder / "log").read_text()


def test_a_scheduler_that_dies_ends_the_study_with_one_message_and_leaves_nothing(
    ssh_server: SshServer, hold, wait_until, begin, asked_study, tmp_path: Path
) -> None:
    file = write_cluster(tmp_path / "ssh.toml", ssh_server.options(host=HOST))
    asked = (*asked_study, "--trials", "20", "--cluster", str(file))
    study = begin(tmp_path, *asked, trains=True)
    hold(ssh_server.family)
    (scheduler,) = (pid for pid, what in ssh_server.started().items() if ".Scheduler" in what)
    os.kill(scheduler, signal.SIGKILL)
    code, (message,) = study.end()
    assert code == 1
    assert message.startswith(f"Error: tcp://{HOST}:")
    assert message.endswith("the cluster's scheduler is gone; all that was recorded is kept")
    wait_until(lambda: not ssh_server.started(), ssh_server.started)


def test_a_coordinator_that_dies_leaves_nothing_running_after_the_idle_timeout(
    ssh_server: SshServer, hold, wait_until, begin, asked_study, tmp_path: Path
) -> None:
    # Longer than all takes to start on a busy machine: else the scheduler ends before the work.
    options = ssh_server.options(host=HOST, idle_timeout="60 s")
    file = write_cluster(tmp_path / "ssh.toml", options)
    asked = (*asked_study, "--trials", "20", "--cluster", str(file))
    study = begin(tmp_path, *asked, trains=True)
    held = hold(ssh_server.family)
    study.process.kill()
    study.process.wait()
    let_go(held)
    assert len(ssh_server.started()) >= 3, "a scheduler and two workers"
    wait_until(lambda: not ssh_server.started(), ssh_server.started)
