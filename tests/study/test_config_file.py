from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.faults import FaultError
from search_spaces.kinds import ChoiceParameter, FloatParameter, IntParameter
from search_spaces.parameters import PARAMETERS
from study.config import TrainConfig, config_from_params
from study.config_file import load_config, read_config, write_config


def _values(
    parameter: IntParameter | FloatParameter | ChoiceParameter,
) -> st.SearchStrategy[object]:
    match parameter:
        case ChoiceParameter(options=options):
            return st.sampled_from(options)
        case IntParameter(low=low, high=high):
            return st.integers(low, high)
        case FloatParameter(low=low, high=high):
            return st.floats(low, high)


configs: st.SearchStrategy[TrainConfig] = st.fixed_dictionaries(
    {name: _values(parameter) for name, parameter in PARAMETERS.items()}
).map(config_from_params)


@given(config=configs, provenance=st.dictionaries(st.text(), st.text(), max_size=4))
def test_a_config_comes_back_whole_whatever_its_provenance_says(
    config: TrainConfig, provenance: Mapping[str, str]
) -> None:
    text = write_config(config, provenance)

    assert read_config(text, "config.toml") == config
    assert read_config(text.encode().decode(), "config.toml") == config


@pytest.mark.parametrize(
    "hostile",
    [
        "a\nwidth = 1",
        "a\r\nwidth = 1",
        "a\rwidth = 1",
        "\x00",
        "\x7f",
        "a\u2028b",
        "\u0085",
        "\ud800",
        "[table]\n",
        '"""\nwidth = 1\n"""',
    ],
)
def test_provenance_cannot_break_out_of_its_comment(hostile: str) -> None:
    config = config_from_params({})

    text = write_config(config, {hostile: "", "study": hostile})

    comments = text.split("depth =")[0]
    assert comments.count("\n") == 2
    assert all(line.startswith("# ") for line in comments.splitlines())
    assert read_config(text, "config.toml") == config


def test_provenance_is_readable_in_the_file() -> None:
    text = write_config(config_from_params({"width": 64}), {"study": "first", "trial": "17"})

    assert text.startswith("# study: first\n# trial: 17\ndepth = 2\nwidth = 64\ntaper = 1.0\n")
    assert 'activation = "relu"\n' in text
    assert "nesterov = false\n" in text


def test_parameters_left_out_have_their_defaults() -> None:
    assert read_config("width = 64", "x") == config_from_params({"width": 64})


def test_all_faults_of_a_file_come_in_one_message() -> None:
    with pytest.raises(FaultError) as error:
        read_config("width = 0\nwdith = 3\ndropout = true\nscale = nan", "my.toml")

    assert str(error.value).split("\n") == [
        "my.toml: value not allowed for width; got 0; allowed: a whole number from 1 to 8192",
        f"my.toml: unknown parameter 'wdith'; got wdith; allowed: {', '.join(PARAMETERS)}",
        "my.toml: value not allowed for dropout; got true; allowed: a number from 0 to 0.95",
        "my.toml: value not allowed for scale; got nan; allowed: a number from 0 to 0.9",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "width 64",
        "width = 64\nwidth = 64",
        "width = " + "9" * 5000,
        "width = " + "[" * 5000,
        "\x00",
    ],
)
def test_what_is_no_toml_is_one_fault(text: str) -> None:
    with pytest.raises(FaultError, match=r"^my\.toml: not a TOML file; got ") as error:
        read_config(text, "my.toml")

    assert len(error.value.faults) == 1


def test_a_number_beyond_every_float_is_out_of_limits() -> None:
    with pytest.raises(FaultError, match="value not allowed for dropout"):
        read_config("dropout = 1" + "0" * 400, "my.toml")


def test_a_file_is_read_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("width = 32")

    assert load_config(tmp_path / "c.toml") == config_from_params({"width": 32})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaultError) as error:
        load_config(tmp_path / "absent.toml")

    path = tmp_path / "absent.toml"
    assert str(error.value) == f"{path}: cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('data_fingerprint = "f"\nsplit_seed = 3\njobs = 2\n', "a study's plan"),
        ("name = 'mine'\n[parameters.width]\nlow = 1\n", "a search space"),
        (
            "name = 'mine'\n[fixed]\nepochs = 1\n[baseline]\nepochs = 1\n",
            "a search space without parameters",
        ),
        ('class = "distributed.LocalCluster"\nworkers = 2\n', "a cluster's file"),
    ],
)
def test_another_kind_of_file_is_named_as_what_it_is(text, kind):
    with pytest.raises(FaultError) as caught:
        read_config(text, "some.toml")
    assert str(caught.value) == (
        f"some.toml: this is {kind}, not a config; allowed: config.toml of a bundle, or what "
        "export --config-format toml writes"
    )
