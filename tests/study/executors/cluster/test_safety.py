"""No study runs on a cluster that others can reach unencrypted, unless that is asked for."""

import pytest

from search_spaces.faults import FaultError
from study.executors.cluster.safety import check_address

SAFE = [
    "tls://10.0.0.1:8786",
    "tls://head.example:8786",
    "wss://head.example:443",
    "tcp://127.0.0.1:8786",
    "tcp://127.9.9.9:8786",
    "tcp://[::1]:8786",
    "tcp://localhost:8786",
    "inproc://10.0.0.1/1/2",
]
OPEN = [
    "tcp://10.0.0.1:8786",
    "tcp://head.example:8786",
    "tcp://localhost.example:8786",
    "tcp://0.0.0.0:8786",
    "tcp://[2001:db8::1]:8786",
    "ucx://10.0.0.1:8786",
    "ws://10.0.0.1:80",
]


@pytest.mark.parametrize("address", SAFE)
def test_an_encrypted_or_local_address_is_allowed(address: str) -> None:
    check_address(address, allow_insecure=False)


@pytest.mark.parametrize("address", OPEN)
def test_any_other_is_refused_unless_it_is_asked_for(address: str) -> None:
    with pytest.raises(FaultError) as caught:
        check_address(address, allow_insecure=False)
    assert str(caught.value) == (
        "--cluster: the cluster is neither encrypted nor on this machine alone; "
        f"got {address}; allowed: tls://HOST:PORT, a loopback address, or --insecure-cluster"
    )
    check_address(address, allow_insecure=True)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(FaultError) as caught:
        check_address("tcp://me:secret@10.0.0.1:8786", allow_insecure=False)
    assert "secret" not in str(caught.value)
