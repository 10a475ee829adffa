"""A record survives its way through JSON."""

import json
import math
from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.json_record import (
    confirmation_from_json,
    confirmation_to_json,
    record_from_json,
    record_to_json,
)
from reports.opening import Purpose
from reports.record import Confirmation, StudyRecord
from reports.trial_record import TrialRecord
from search_spaces.faults import FaultError

MakeRecord = Callable[..., StudyRecord]
TRIAL = {
    "number": 0,
    "state": "failed",
    "origin": "search",
    "params": {},
    "config": {},
    "seed": 1,
    "split": "validation",
    "n": 9,
}


@pytest.fixture(scope="module")
def of_one(make_record: MakeRecord) -> StudyRecord:
    record = make_record(1, answer=None)
    # Pictures are most of what is read, and no parameter of anything.
    return replace(record, data=replace(record.data, samples=()))


def through_json(record: StudyRecord) -> StudyRecord:
    return record_from_json(json.loads(json.dumps(record_to_json(record), allow_nan=False)))


@pytest.mark.parametrize("count", [0, 1, 40])
def test_a_record_comes_back_equal(make_record: MakeRecord, count: int) -> None:
    record = make_record(count)
    assert through_json(record) == record


def test_conditions_and_every_kind_of_domain_come_back_equal(
    make_record: MakeRecord, conditional: object
) -> None:
    record = make_record(3, space=conditional)
    back = through_json(record)
    assert back.space == record.space
    assert [type(p.domain) for p in back.space.parameters] == [
        type(p.domain) for p in record.space.parameters
    ]


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_an_infinite_loss_comes_back(make_record: MakeRecord, value: float) -> None:
    record = make_record(1, answer=None)
    trial = replace(record.trials[0], loss=value)
    assert through_json(replace(record, trials=(trial,))).trials[0].loss == value


def test_a_loss_that_is_no_number_comes_back(make_record: MakeRecord) -> None:
    record = make_record(1, answer=None)
    trial = replace(record.trials[0], loss=math.nan)
    loss = through_json(replace(record, trials=(trial,))).trials[0].loss
    assert loss is not None
    assert math.isnan(loss)


def test_a_value_of_the_measure_comes_back_and_stands_nowhere_without_one(
    make_record: MakeRecord,
) -> None:
    record = make_record(3, answer=None)
    assert '"value"' not in json.dumps(record_to_json(record)["trials"])
    curve = tuple(replace(one, value=0.7) for one in record.trials[0].curve)
    trial = replace(record.trials[0], value=0.25, curve=curve)
    valued = replace(record, trials=(trial,), measure="log_loss")
    assert through_json(valued) == valued


def test_a_confirmation_comes_back_equal(make_record: MakeRecord) -> None:
    confirmation = make_record(20).confirmation
    assert isinstance(confirmation, Confirmation)
    text = json.dumps(confirmation_to_json(confirmation), allow_nan=False)
    assert confirmation_from_json(json.loads(text)) == confirmation


def test_the_purpose_of_an_opening_comes_back(make_record: MakeRecord) -> None:
    record = make_record(20)
    assert record.confirmation is not None
    purpose = Purpose("final", "trial 3", seeds=10, look=2, looks=3, seed=7)
    openings = tuple(replace(one, purpose=purpose) for one in record.confirmation.openings)
    record = replace(record, confirmation=replace(record.confirmation, openings=openings))
    back = through_json(record)
    assert back == record
    assert back.confirmation is not None
    assert back.confirmation.openings[0].purpose == purpose


@pytest.mark.parametrize(
    ("why", "purpose"),
    [
        (
            "final of trial 4 and baseline, 10 seeds a side, look 2 of 3",
            Purpose("final", "trial 4", seeds=10, look=2, looks=3),
        ),
        ("a reason of somebody's own", None),
    ],
)
def test_openings_of_the_version_without_fields_are_read(
    make_record: MakeRecord, why: str, purpose: Purpose | None
) -> None:
    values = record_to_json(make_record(20))
    for opening in values["confirmation"]["openings"]:
        del opening["purpose"]
        opening["why"] = why
    expected = record_from_json(values).confirmation
    assert expected is not None
    assert [(one.why, one.purpose) for one in expected.openings] == [(why, purpose)]
    assert confirmation_from_json({"format": 1, **values["confirmation"]}) == expected
    assert confirmation_from_json(json.loads(json.dumps(confirmation_to_json(expected)))) == (
        expected
    )


def test_an_opening_without_words_and_fields_is_refused(make_record: MakeRecord) -> None:
    values = record_to_json(make_record(20))
    values["confirmation"]["openings"] = [{"when": "2026-01-01T00:00:00+00:00"}]
    with pytest.raises(FaultError) as caught:
        record_from_json(values)
    assert str(caught.value) == (
        "record: confirmation.openings[0]: missing: why, purpose, weights, fingerprint, chain; "
        "allowed: when, why, purpose, weights, fingerprint, chain, test_fingerprint, user_ledger"
    )


@given(
    params=st.dictionaries(
        st.text(),
        st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
    )
)
def test_any_params_keep_their_values_and_types(of_one: StudyRecord, params: dict) -> None:
    trial = replace(of_one.trials[0], params=params)
    back = through_json(replace(of_one, trials=(trial,))).trials[0].params
    assert back == params
    assert [type(value) for value in back.values()] == [type(value) for value in params.values()]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "record: unknown format; got 99; allowed: 1"),
        ({"seed": "x"}, "record: seed: wrong value; got 'x'; allowed: a whole number"),
        ({"seed": True}, "record: seed: wrong value; got True; allowed: a whole number"),
        ({"versions": []}, "record: versions: wrong value; got []; allowed: an object"),
        ({"trials": {}}, "record: trials: wrong value; got {}; allowed: a list"),
        (
            {"trials": [TRIAL | {"state": "gone"}]},
            (
                "record: trials[0].state: wrong value; got 'gone'; "
                "allowed: running, interrupted, complete, pruned, failed"
            ),
        ),
        (
            {"trials": [{"number": 0, "state": "failed", "origin": "search"}]},
            (
                "record: trials[0]: missing: params, config, seed, split, n; "
                f"allowed: {', '.join(field.name for field in fields(TrialRecord))}"
            ),
        ),
        (
            {"trials": [TRIAL | {"seed": 1.5, "lost": 1}], "jobs": "2", "host": "x"},
            "\n".join(
                [
                    (
                        "record: host: unknown key; "
                        f"allowed: {', '.join(field.name for field in fields(StudyRecord))}"
                    ),
                    "record: jobs: wrong value; got '2'; allowed: a whole number",
                    "record: trials[0].seed: wrong value; got 1.5; allowed: a whole number",
                    "record: trials[0].lost: wrong value; got 1; allowed: true or false",
                ]
            ),
        ),
    ],
)
def test_every_wrong_value_is_named_by_its_place(
    make_record: MakeRecord, change: dict, message: str
) -> None:
    values = {**record_to_json(make_record(1, answer=None)), **change}
    with pytest.raises(FaultError) as caught:
        record_from_json(values)
    assert str(caught.value) == message


def test_an_unknown_kind_of_domain_is_refused(make_record: MakeRecord) -> None:
    values = record_to_json(make_record(1, answer=None))
    values["space"]["parameters"][0]["domain"]["kind"] = "complex"
    with pytest.raises(FaultError) as caught:
        record_from_json(values)
    assert str(caught.value) == (
        "record: space.parameters[0].domain.kind: wrong value; got 'complex'; "
        "allowed: int, float, choice"
    )


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(FaultError) as caught:
        record_from_json([])  # type: ignore[arg-type]
    assert str(caught.value) == "record: not a JSON object; got list; allowed: an object"
