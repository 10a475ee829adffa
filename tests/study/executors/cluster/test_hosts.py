"""A study on hosts of their own: network namespaces that can be cut off, TLS between them."""

import inspect
import ipaddress
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from study.run_dir.paths import RunDirectory
from tests.study.executors.cluster.held import have_ended, let_go

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("ip") is None,
        reason="making hosts out of network namespaces needs root and the command ip",
    ),
]

HEAD, FIRST, SECOND, LATE, ELSEWHERE = "head", "first", "second", "late", "elsewhere"
ADDRESSES = {
    name: f"10.77.0.{i}" for i, name in enumerate((HEAD, FIRST, SECOND, LATE, ELSEWHERE), 1)
}
PORT = 8786
SCHEDULER = f"tls://{ADDRESSES[HEAD]}:{PORT}"


def ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True)


@dataclass
class Hosts:
    """Hosts on a switch. `runs` is a folder that only hosts of coordinators see."""

    folder: Path
    prefix: str
    start: object
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def switch(self) -> str:
        return f"{self.prefix}-switch"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def file(self) -> Path:
        """Return the file for `--cluster`."""
        return self.folder / "cluster.toml"

    @property
    def tls(self) -> tuple[str, ...]:
        """Return Dask's options that name the certificates."""
        files = {"--tls-ca-file": "ca", "--tls-cert": "cert", "--tls-key": "key"}
        pairs = ((option, f"{self.folder}/{name}.pem") for option, name in files.items())
        return tuple(word for pair in pairs for word in pair)

    def add(self, host: str) -> None:
        """Plug a host in."""
        space = f"{self.prefix}-{host}"
        ip(f"netns add {space}")
        ip(f"-n {self.switch} link add {host} type veth peer name eth0 netns {space}")
        ip(f"-n {self.switch} link set {host} master switch up")
        ip(f"-n {space} address add {ADDRESSES[host]}/24 dev eth0")
        ip(f"-n {space} link set eth0 up")
        ip(f"-n {space} link set lo up")

    def cut(self, host: str) -> None:
        """Let no packet through to a host or from it, unnoticed by both ends."""
        ip(f"-n {self.switch} link set {host} nomaster")

    def mend(self, host: str) -> None:
        ip(f"-n {self.switch} link set {host} master switch")

    def on(self, host: str) -> tuple[str, ...]:
        """Return what runs a command on a host."""
        return ("ip", "netns", "exec", f"{self.prefix}-{host}")

    def start_scheduler(self, host: str, *tls: str) -> None:
        """Start a scheduler, open to everybody where no certificates are given."""
        protocol = "tls" if tls else "tcp"
        where = ("--host", ADDRESSES[host], "--port", str(PORT), "--protocol", protocol)
        self._start_dask(host, (), "scheduler", *where, *tls)

    def start_worker(self, host: str, threads: int = 1) -> None:
        """Start a worker under a nanny; it does not see where coordinators keep their files.

        Dask ends a worker that was cut off, nanny and all: its host is to start it again.
        """
        hide = f'mount -t tmpfs none "{self.runs}" && while :; do "$@"; done'
        own = str(self.folder / f"local-{host}")
        where = (SCHEDULER, "--host", ADDRESSES[host], "--local-directory", own)
        within, slots = ("sh", "-c", hide, "sh"), ("--nthreads", str(threads))
        self._start_dask(host, within, "worker", *where, *slots, *self.tls)

    def _start_dask(self, host: str, within: tuple[str, ...], *arguments: str) -> None:
        command = (*within, sys.executable, "-m", "dask", *arguments, "--no-dashboard")
        log = self.folder / f"{host}.txt"
        self.processes[host] = self.start(log, *self.on(host), *command)

    def family(self, *hosts: str) -> Callable[[], list[psutil.Process]]:
        """Return what finds the processes that these hosts (or all) were started with."""
        chosen = hosts or tuple(self.processes)
        return lambda: [psutil.Process(self.processes[host].pid) for host in chosen]

    def kill_worker(self, host: str) -> bool:
        """Kill a worker's process if there is one; its nanny, which stays, starts another."""
        for one in psutil.Process(self.processes[host].pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "spawn_main" in " ".join(one.cmdline()):
                    one.kill()
                    return True
        return False


def make_cluster_file(folder: Path) -> Path:
    """Make an authority, one certificate of its for all hosts, and a file that names them."""
    now = datetime.now(UTC)

    def build(name, issuer, key, signer, *extensions):
        made = x509.CertificateBuilder(
            issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]),
            subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=1),
        )
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        for extension, critical in (*extensions, (by, False), (own, False)):
            made = made.add_extension(extension, critical)
        return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    usages = inspect.signature(x509.KeyUsage).parameters
    may_sign = x509.KeyUsage(**{usage: usage in ("key_cert_sign", "crl_sign") for usage in usages})
    may = ((x509.BasicConstraints(ca=True, path_length=0), True), (may_sign, True))
    (folder / "ca.pem").write_bytes(build("CA", "CA", authority, authority, *may))
    names = [x509.IPAddress(ipaddress.ip_address(one)) for one in ADDRESSES.values()]
    (folder / "cert.pem").write_bytes(
        build("host", "CA", key, authority, (x509.SubjectAlternativeName(names), False))
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    file = folder / "cluster.toml"
    file.write_text(
        f'address = "{SCHEDULER}"\n[security]\n'
        f'ca_file = "{folder}/ca.pem"\ncert = "{folder}/cert.pem"\nkey = "{folder}/key.pem"\n'
    )
    return file


@pytest.fixture(scope="module")
def hosts(tmp_path_factory, start, end_all) -> Iterator[Hosts]:
    """Five hosts: a scheduler on the first, a worker each on two others."""
    made = Hosts(tmp_path_factory.mktemp("hosts"), f"study{os.getpid()}", start)
    made.runs.mkdir()
    make_cluster_file(made.folder)
    with ExitStack() as stack:
        for name in ("switch", *ADDRESSES):
            stack.callback(subprocess.run, ["ip", "netns", "delete", f"{made.prefix}-{name}"])
        stack.callback(lambda: end_all(list(made.processes.values())))
        ip(f"netns add {made.switch}")
        ip(f"-n {made.switch} link add switch type bridge")
        ip(f"-n {made.switch} link set switch up")
        for host in ADDRESSES:
            made.add(host)
        made.start_scheduler(HEAD, *made.tls)
        made.start_worker(FIRST)
        made.start_worker(SECOND, threads=2)
        yield made


def homes(run: RunDirectory) -> dict[str, str]:
    """Return which host each worker that took part was on, as the coordinator's log says."""
    by_address = {address: host for host, address in ADDRESSES.items()}
    line = r"^(worker \d+) is tls://([\d.]+):\d+: \d slots, data sent$"
    found = re.findall(line, run.workers_log.read_text(), re.MULTILINE)
    return {name: by_address[address] for name, address in found}


def trained_on(study, host: str, state: str) -> int:
    """Return how many trials of a state a host had."""
    home = homes(study.run)
    trials = [trial for trial in study.trials() if trial.state == state]
    return sum(home[trial.worker.partition(",")[0]] == host for trial in trials)


def test_a_study_on_three_hosts_is_the_local_one_whatever_happens_to_them(
    hosts, hold, wait_until, begin, asked_study, alone, answers
):
    study = begin(
        hosts.runs / "three",
        *(*asked_study, "--trials", str(len(alone)), "--cluster", str(hosts.file)),
        within=hosts.on(HEAD),
    )
    hold(hosts.family(SECOND), count=2)
    hosts.cut(SECOND)
    held = hold(hosts.family(FIRST))
    # A kill between two trials costs none.
    while not trained_on(study, FIRST, "failed"):
        wait_until(lambda: hosts.kill_worker(FIRST), study.run.workers_log.read_text)
        # What is held next is the new worker's, not what is just ending with the old one.
        wait_until(partial(have_ended, held), study.run.workers_log.read_text)
        held = hold(hosts.family(FIRST))
    wait_until(lambda: trained_on(study, SECOND, "failed"), study.run.workers_log.read_text)
    plugged_in = datetime.now(UTC).isoformat()
    hosts.start_worker(LATE)
    wait_until(lambda: trained_on(study, LATE, "complete") > 1, study.run.workers_log.read_text)
    hosts.mend(SECOND)
    wait_until(
        lambda: list(homes(study.run).values()).count(SECOND) == 2, study.run.workers_log.read_text
    )
    let_go(held)
    assert study.end() == (0, [])
    assert answers(study.trials()) == alone
    check_attempts(study.trials(), homes(study.run), plugged_in)


def check_attempts(trials, home, plugged_in):
    """Hold what was lost, retried and trained against what was done to the hosts."""
    name = {trial.number: trial.worker.partition(",")[0] for trial in trials}
    host = {number: home[worker] for number, worker in name.items()}
    assert {trial.state for trial in trials if not trial.lost} == {"complete"}
    lost = [trial for trial in trials if trial.lost]
    assert {host[trial.number] for trial in lost} == {FIRST, SECOND}
    assert all(trial.reason == f"{name[trial.number]} was lost" for trial in lost)
    retried = [trial.retry_of for trial in trials if trial.retry_of is not None]
    assert sorted(retried) == [trial.number for trial in lost]
    late = [trial.started for trial in trials if host[trial.number] == LATE]
    assert min(late) > plugged_in


def test_a_study_whose_coordinator_is_killed_goes_on_elsewhere_though_a_worker_is_cut_off(
    hosts, hold, wait_until, begin, asked_study, alone, answers
):
    runs, at = hosts.runs / "killed", ("--cluster", str(hosts.file))
    study = begin(runs, *asked_study, "--trials", "10", *at, within=hosts.on(HEAD))
    study.until_asked(6)
    held = hold(hosts.family())
    hosts.cut(SECOND)
    study.process.kill()
    study.end()
    let_go(held)
    ended = answers(study.trials())
    again = begin(runs, "resume", "s", *at, within=hosts.on(ELSEWHERE))
    assert again.end() == (0, [])
    assert ended
    assert all(one in alone for one in ended)
    trials = again.trials()
    assert [(one.number, one.retry_of) for one in trials] == [(i, None) for i in range(10)]
    assert answers(trials) == alone[:10]
    wait_until(lambda: not any(one.is_running() for one in held))


def test_a_coordinator_with_certificates_of_another_authority_is_turned_away(
    hosts, begin, asked_study, tmp_path
):
    at = ("--cluster", str(make_cluster_file(tmp_path)))
    study = begin(hosts.runs / "stranger", *asked_study, *at, within=hosts.on(ELSEWHERE))
    code, (error,) = study.end()
    assert code == 1
    what = "no connection to a Dask scheduler: TLS certificate does not match"
    assert error.startswith(f"Error: {SCHEDULER}: {what}")
    assert not study.run.root.exists()


def test_a_cluster_without_tls_is_refused_unless_it_is_asked_for(hosts, begin, asked_study):
    hosts.start_scheduler(ELSEWHERE)
    address = f"tcp://{ADDRESSES[ELSEWHERE]}:{PORT}"
    at, on = ("--cluster", address), hosts.on(ELSEWHERE)
    refused = begin(hosts.runs / "refused", *asked_study, *at, within=on)
    what = "the cluster is neither encrypted nor on this machine alone"
    allowed = "tls://HOST:PORT, a loopback address, or --insecure-cluster"
    assert refused.end() == (1, [f"Error: --cluster: {what}; got {address}; allowed: {allowed}"])
    assert not refused.run.root.exists()
    open_one = begin(
        hosts.runs / "open", *asked_study, *at, "--insecure-cluster", within=on, quiet=False
    )
    open_one.until_said(f"waiting for workers at {address}")
    open_one.process.send_signal(signal.SIGINT)
    assert open_one.end()[0] == 130
