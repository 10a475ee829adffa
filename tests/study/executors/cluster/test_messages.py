"""What agents say survives the way through msgpack."""

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from study.engine.results import EpochResult
from study.executors.cluster.messages import (
    Counts,
    Message,
    NeedsData,
    Ready,
    Refused,
    TaskEpoch,
    TaskStarted,
    decode,
    encode,
)

numbers = st.integers(0, 2**40)
floats = st.floats(allow_nan=False)
results = st.builds(
    EpochResult, numbers, floats, st.none() | floats, st.none() | floats, st.floats(0, 1e9)
)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(
        Ready,
        numbers,
        st.sampled_from(["read", "sent", "kept"]),
        st.builds(Counts, numbers, numbers),
    ),
    st.builds(NeedsData),
    st.builds(Refused, st.text()),
    st.builds(TaskStarted, st.text(), numbers),
    st.builds(TaskEpoch, st.text(), results),
)


@given(messages)
def test_a_message_comes_back_whatever_dask_adds_to_it(message: Message) -> None:
    sent = msgpack.unpackb(msgpack.packb(encode(message)))
    assert decode({**sent, "worker": "tcp://10.0.0.2:1"}) == message


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"kind": "Goodbye"}, "unknown kind; got Goodbye; allowed: Ready, NeedsData, Refused,"),
        ({"kind": "Refused", "reason": 3}, "reason: wrong value; got 3; allowed: a text"),
        ({"kind": "Refused"}, "missing: reason"),
    ],
)
def test_what_is_no_message_is_a_fault(values: dict[str, object], what: str) -> None:
    with pytest.raises(FaultError) as caught:
        decode(values)
    assert str(caught.value).startswith(f"a message of a cluster's worker: {what}")
