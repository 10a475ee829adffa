"""A cluster that a study launches listens to this machine alone, and shows no pages unasked."""

import http.client
from pathlib import Path

import psutil
import pytest

from search_spaces.faults import FaultError
from study.executors.cluster.cluster_file import parse_cluster, read_cluster
from study.executors.cluster.connection import connected

README = """
class = "distributed.LocalCluster"
workers = 1
[options]
n_workers = 0
threads_per_worker = 1
processes = true
{more}
"""


def listening() -> set[tuple[str, int]]:
    own = psutil.Process()
    family = (own, *own.children(recursive=True))
    found = (one for each in family for one in each.net_connections("inet"))
    return {(one.laddr.ip, one.laddr.port) for one in found if one.status == psutil.CONN_LISTEN}


def answer(port: int, path: str, method: str = "GET") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": "evil.example"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0  # no HTTP at all
    finally:
        connection.close()


@pytest.mark.slow
def test_without_asking_there_is_no_dashboard_and_nothing_listens_to_others(tmp_path: Path) -> None:
    cluster = parse_cluster(README.format(more=""), "cluster.toml")
    before = listening()
    with connected(cluster, allow_insecure=False, log=tmp_path / "log.txt"):
        opened = listening() - before
        assert opened
        assert {host for host, _ in opened} <= {"127.0.0.1", "::1"}
        for _, port in opened:
            assert answer(port, "/status") in {0, 404}
            assert answer(port, "/info/main/workers.html") in {0, 404}
            assert answer(port, "/proxy/1/127.0.0.1/x", "DELETE") in {0, 404}


@pytest.mark.slow
def test_a_dashboard_that_is_asked_for_is_on_loopback_and_passes_nothing_on(
    tmp_path: Path,
) -> None:
    text = README.format(more='dashboard_address = "127.0.0.1:0"')
    before = listening()
    with connected(parse_cluster(text, "cluster.toml"), False, tmp_path / "log.txt"):
        opened = listening() - before
        assert {host for host, _ in opened} <= {"127.0.0.1", "::1"}
        assert 200 in {answer(port, "/health") for _, port in opened}
        assert {answer(port, "/proxy/1/127.0.0.1/x", "DELETE") for _, port in opened} <= {0, 404}


OPEN = [
    'host = "0.0.0.0"',
    'host = "tcp://0.0.0.0"',
    'host = "::"',
    'host = "head.example"',
    'host = "10.0.0.1"',
    'interface = "eth0"',
    'scheduler_kwargs = { host = "0.0.0.0" }',
]
DASHBOARDS = [
    'dashboard_address = ":8787"',
    'dashboard_address = "0.0.0.0:8787"',
    "dashboard_address = 8787",
    'dashboard_address = ["127.0.0.1:8787", ":8788"]',
    'worker_dashboard_address = ":0"',
    'scheduler_kwargs = { dashboard_address = "[::]:8787" }',
]


@pytest.fixture
def nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object, **__: object) -> None:
        pytest.fail("a cluster was started")

    monkeypatch.setattr("distributed.LocalCluster.__init__", start)


@pytest.mark.usefixtures("nothing_starts")
@pytest.mark.parametrize("more", OPEN)
def test_a_scheduler_for_others_is_refused_before_anything_starts(
    more: str, tmp_path: Path
) -> None:
    cluster = parse_cluster(README.format(more=more), "cluster.toml")
    with (
        pytest.raises(FaultError) as caught,
        connected(cluster, allow_insecure=False, log=tmp_path / "log.txt"),
    ):
        pass
    assert str(caught.value) == (
        "cluster.toml: distributed.LocalCluster would start a scheduler that is open to other "
        "machines; allowed: [security], options.security = true, or --insecure-cluster"
    )


@pytest.mark.usefixtures("nothing_starts")
@pytest.mark.parametrize("more", DASHBOARDS)
def test_a_dashboard_for_others_is_refused_before_anything_starts(
    more: str, tmp_path: Path
) -> None:
    cluster = parse_cluster(README.format(more=more), "cluster.toml")
    with (
        pytest.raises(FaultError) as caught,
        connected(cluster, allow_insecure=False, log=tmp_path / "log.txt"),
    ):
        pass
    message = str(caught.value)
    assert "dashboard_address: the dashboard would be open to other machines; got " in message
    assert message.endswith('allowed: "127.0.0.1:8787", or --insecure-cluster')


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'\xef\xbb\xbfaddress = "tls://h:1"', ""),
        (b"\xff", "not UTF-8 text"),
        (b"x = " + b"[" * 100_000, "is not TOML: nested too deeply"),
        (b"workers = " + b"9" * 5000, "is not TOML: Exceeds the limit"),
        (b"#" * (1 << 21), "file too large"),
    ],
    ids=["byte order mark", "binary", "deep", "long", "large"],
)
def test_a_cluster_file_is_read_as_every_file_is(content: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "cluster.toml"
    path.write_bytes(content)
    if not what:
        assert read_cluster(str(path)).where == str(path)
        return
    with pytest.raises(FaultError, match=what):
        read_cluster(str(path))
