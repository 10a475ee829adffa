"""Faults that both the command line and Python raise, in the words of who called."""

import inspect

import pytest

import study
from search_spaces.faults import Fault, FaultError
from study.api.argument_faults import faults_of_arguments


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("--drop", "drop"),
        ("--format onnx", "forms onnx"),
        ("a.csv, --test-share", "a.csv, test_share"),
        ("--target COLUMN", "target"),
        ("--group and --time do not go together", "group and time do not go together"),
        ("--stop-when done is asked after 20 trials", "stop_when done is asked after 20 trials"),
        ("one--two and '--three'", "one--two and '--three'"),
        ("dense-study confirm --ablate afterwards", "dense-study confirm --ablate afterwards"),
        ("pip install 'dense-study[tables]'", "pip install 'dense-study[tables]'"),
    ],
)
def test_an_option_is_an_argument_in_python(said: str, named: str) -> None:
    with pytest.raises(FaultError) as caught, faults_of_arguments():
        raise FaultError(Fault(said, said, said, said), Fault("width", "too wide", "9", "8"))
    assert caught.value.faults == (
        Fault(named, named, named, named),
        Fault("width", "too wide", "9", "8"),
    )


def test_a_missing_column_is_named_as_it_was_given(tmp_path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b,kind\n" + "1,2,x\n3,4,y\n" * 30)
    with pytest.raises(study.DenseStudyError) as caught:
        study.run("smoke", table, target="kind", drop=["c"], runs_dir=tmp_path, quiet=True)
    (fault,) = caught.value.faults
    assert "drop" in fault.where
    assert "--" not in str(fault)


def test_what_is_so_decorated_keeps_its_signature() -> None:
    for function in (study.run, study.train, study.verdict_for):
        assert function.__doc__
        assert "options" in inspect.signature(function).parameters
