"""What --cluster names is parsed once, and every fault of it is reported at once."""

from pathlib import Path

import pytest

from search_spaces.faults import FaultError
from study.executors.cluster.cluster_file import (
    Joined,
    Launched,
    Tls,
    parse_cluster,
    read_cluster,
)

CLASS = 'class = "dask_jobqueue.SLURMCluster"\n'
SSH = 'class = "dask.distributed.SSHCluster"\n'


def test_an_address_stands_for_itself() -> None:
    assert read_cluster("tls://10.0.0.1:8786") == Joined("--cluster", "tls://10.0.0.1:8786")


def test_a_file_may_name_an_address_and_its_certificates(tmp_path: Path) -> None:
    path = tmp_path / "cluster.toml"
    path.write_text(
        'address = "tls://head:8786"\n[security]\nca_file = "ca.pem"\ncert = "c.pem"\nkey = "k.pem"'
    )
    tls = Tls("ca.pem", "c.pem", "k.pem")
    assert read_cluster(str(path)) == Joined(str(path), "tls://head:8786", tls)


@pytest.mark.parametrize(
    ("size", "least", "most"),
    [
        ("workers = 4", 4, 4),
        ("[adapt]\nmaximum = 20", 0, 20),
        ("adapt={minimum=2, maximum=3}", 2, 3),
    ],
)
def test_a_file_may_name_a_class_its_size_and_its_options(size: str, least: int, most: int) -> None:
    text = f'{CLASS}{size}\n[options]\nqueue = "day"\ncores = 8\n'
    expected = Launched(
        "f.toml", "dask_jobqueue.SLURMCluster", {"queue": "day", "cores": 8}, least, most
    )
    assert parse_cluster(text, "f.toml") == expected


def test_a_class_whose_options_name_every_worker_takes_no_size() -> None:
    options = {"hosts": ["head", "one", "two"]}
    expected = Launched("f.toml", "dask.distributed.SSHCluster", options, 0, 0)
    assert parse_cluster(SSH + 'options.hosts = ["head", "one", "two"]', "f.toml") == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("workers 4", "f.toml: is not TOML: Expected '=' after a key in a key/value pair"),
        ("", "f.toml: needs either an address or a class"),
        ('address = "tls://h:1"\n' + CLASS + "workers = 1", "needs either an address or a class"),
        ('address = "tls://h:1"\nworkers = 2', "f.toml: workers: only a class has these"),
        (CLASS, "f.toml: a class needs either workers or [adapt]"),
        (CLASS + "workers = 1\nadapt = { maximum = 2 }", "needs either workers or [adapt]"),
        (
            SSH + "workers = 2",
            "f.toml: workers: options.hosts names every worker's host (the first",
        ),
        (SSH + "adapt = { maximum = 2 }", "f.toml: adapt: options.hosts names every worker's host"),
        (CLASS + "workers = 0", "workers: Input should be greater than or equal to 1; got 0"),
        (CLASS + "adapt = { minimum = 5, maximum = 2 }", "minimum 5 is above maximum 2"),
        ('class = "SLURMCluster"\nworkers = 1', "class: needs a dotted name, as package.Class"),
        ('address = "h:8786"', "not the address of a scheduler; got 'h:8786'"),
        ('address = "tls://h"', "not the address of a scheduler; got 'tls://h'; allowed: tls://"),
        ('address = "tls://h:1"\nsecurity = { ca_file = "a" }', "security.cert: Field required"),
        ('addres = "tls://h:1"', "addres: Extra inputs are not permitted; got 'tls://h:1'"),
    ],
)
def test_what_does_not_fit_is_reported(text: str, message: str) -> None:
    with pytest.raises(FaultError) as caught:
        parse_cluster(text, "f.toml")
    assert message in str(caught.value)


def test_every_fault_of_a_file_is_reported_at_once() -> None:
    with pytest.raises(FaultError) as caught:
        parse_cluster("options = { a = 1 }\nadapt = { minimum = 3, maximum = 2 }", "f.toml")
    assert str(caught.value).splitlines() == [
        "f.toml: needs either an address or a class",
        "f.toml: adapt, options: only a class has these",
        "f.toml: adapt: minimum 3 is above maximum 2",
    ]


@pytest.mark.parametrize("asked", ["slurm", "10.0.0.1:8786", "cluster.yaml"])
def test_what_is_neither_address_nor_file_is_reported(asked: str) -> None:
    with pytest.raises(FaultError) as caught:
        read_cluster(asked)
    what = "neither an address nor a TOML file"
    expected = f"--cluster: {what}; got '{asked}'; allowed: tls://HOST:PORT, or FILE.toml"
    assert str(caught.value) == expected


def test_a_file_that_is_not_there_is_reported() -> None:
    with pytest.raises(FaultError, match=r"none\.toml: cannot be read: .*No such file"):
        read_cluster("none.toml")


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(FaultError) as caught:
        read_cluster("tls://me:secret@host")
    assert "secret" not in str(caught.value)
