"""What is wrong with certificates is reported before anything is connected."""

from pathlib import Path

import dask.config
import pytest

from search_spaces.faults import FaultError
from study.executors.cluster.certificates import secured
from study.executors.cluster.cluster_file import Tls
from study.executors.cluster.entry import opened_cluster


def open_cluster(asked: str, folder: Path) -> None:
    with opened_cluster(asked, False, 1, folder / "log.txt", print):
        pytest.fail("there is no such cluster")


def test_an_encrypted_address_needs_certificates(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as caught:
        open_cluster("tls://127.0.0.1:9", tmp_path)
    assert str(caught.value) == (
        "--cluster: tls:// needs certificates; got none; allowed: [security] in FILE.toml, or "
        "distributed.comm.tls in Dask's configuration"
    )


def test_every_file_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    path = tmp_path / "cluster.toml"
    path.write_text(
        'address = "tls://127.0.0.1:9"\n[security]\n'
        f'ca_file = "{tmp_path}/ca.pem"\ncert = "cert.pem"\nkey = "key.pem"'
    )
    with pytest.raises(FaultError) as caught:
        open_cluster(str(path), tmp_path)
    assert str(caught.value).splitlines() == [
        f"{path}: security.cert: there is no such file; got cert.pem",
        f"{path}: security.key: there is no such file; got key.pem",
    ]


def test_certificates_hold_for_every_side_and_no_longer_than_the_cluster(tmp_path: Path) -> None:
    for name in ("ca", "cert", "key"):
        (tmp_path / name).touch()
    before = dask.config.get("distributed.comm.tls")
    tls = Tls(*(str(tmp_path / name) for name in ("ca", "cert", "key")))
    with secured("f.toml", tls) as security:
        assert security.require_encryption
        for side in ("client", "scheduler", "worker"):
            found = security.get_tls_config_for_role(side)
            assert Tls(found["ca_file"], found["cert"], found["key"]) == tls
    assert dask.config.get("distributed.comm.tls") == before
