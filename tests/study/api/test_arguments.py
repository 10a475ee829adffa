"""Options of the data that Python users mistype are one message each, and nothing is written."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import study

FRAME = pd.DataFrame({"x": [1.5, 2.5, 3.5, 4.5] * 5, "kind": ["a", "b"] * 10})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test_share": 2.0}, "test_share: no share; got 2.0; allowed: a fraction between 0 and 1"),
        ({"test_share": "x"}, "test_share: no share; got 'x'; allowed: a fraction between 0 and 1"),
        ({"drop": "x"}, "drop: not a list of texts; got 'x'; allowed: [\"...\", ...]"),
        ({"target": 3}, "target: not a text; got 3; allowed: a column's name"),
        ({"test_data": 5}, "test_data: not a text; got 5; allowed: a path or a data frame"),
    ],
)
def test_a_mistyped_option_of_the_data_is_one_message(
    options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    given = {"target": "kind", **options}
    for call in (
        lambda: study.run("smoke", FRAME, runs_dir=tmp_path, quiet=True, **given),
        lambda: study.verdict_for([{}], FRAME, runs_dir=tmp_path, quiet=True, **given),
        lambda: study.train({}, FRAME, **given),
    ):
        with pytest.raises(study.DenseStudyError) as caught:
            call()
        assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_an_option_that_train_does_not_have_is_no_option() -> None:
    with pytest.raises(TypeError, match="no options of train: epochs"):
        study.train({}, FRAME, target="kind", epochs=3)


@pytest.mark.slow
def test_a_study_of_a_data_frame_may_have_its_test_rows_in_another(tmp_path: Path) -> None:
    more = FRAME.assign(x=FRAME.x + 0.25)[:6]
    asked: dict[str, Any] = {"target": "kind", "test_data": more, "trials": 1, "confirm": False}
    found = study.run("smoke", FRAME, name="s", runs_dir=tmp_path, quiet=True, **asked)
    assert (found.record.data.test_n, len(found.trials)) == (6, 1)
    again = study.run("smoke", FRAME, name="s", runs_dir=tmp_path, quiet=True, **asked)
    assert len(again.trials) == 1
    assert len(list(tmp_path.glob("table-*.parquet"))) == 2
