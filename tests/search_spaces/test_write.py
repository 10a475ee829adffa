import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from search_spaces.read import load_space, read_space
from search_spaces.shipped import shipped_names
from search_spaces.space import (
    Baseline,
    Between,
    ChoiceDomain,
    FloatDomain,
    IntDomain,
    OneOf,
    PublishedNumber,
    SearchedParameter,
    Space,
)
from search_spaces.write import write_space

GOLDEN = """\
name = "golden"
about = "Every form a line can take, \\"quoted\\" too"

[parameters.depth]
type = "int"
low = 2
high = 6
step = 2

[parameters.width]
type = "int"
low = 32
high = 1024
log = true

[parameters.optimizer]
type = "choice"
values = ["adam", "sgd", "lion"]

[parameters.dropout]
type = "float"
low = 0.0
high = 0.5
step = 0.1
when.depth = { low = 3, high = 8 }

[parameters.nesterov]
type = "choice"
values = [false, true]
when.optimizer = "sgd"

[parameters.weight_decay]
type = "float"
low = 1e-05
high = 0.1
log = true
when.optimizer = ["sgd", "lion"]

[fixed]
epochs = 3

[baseline]
epochs = 3

[baseline.published]
accuracy = 0.984
data = "mnist"
split = "test"
n = 10000
runs = 1
source = "somebody"
"""

SPACE = Space(
    "golden",
    'Every form a line can take, "quoted" too',
    (
        SearchedParameter("depth", IntDomain(2, 6, 2)),
        SearchedParameter("width", IntDomain(32, 1024, log=True)),
        SearchedParameter("optimizer", ChoiceDomain(("adam", "sgd", "lion"))),
        SearchedParameter("dropout", FloatDomain(0.0, 0.5, 0.1), {"depth": Between(3, 8)}),
        SearchedParameter("nesterov", ChoiceDomain((False, True)), {"optimizer": OneOf(("sgd",))}),
        SearchedParameter(
            "weight_decay",
            FloatDomain(1e-5, 0.1, log=True),
            {"optimizer": OneOf(("sgd", "lion"))},
        ),
    ),
    {"epochs": 3},
    Baseline({"epochs": 3}, PublishedNumber(0.984, "mnist", "test", 10000, 1, "somebody")),
)


def test_a_space_is_written_as_the_toml_a_person_would_write() -> None:
    assert write_space(SPACE) == GOLDEN


def test_the_written_space_is_read_back_by_pythons_own_reader() -> None:
    tables = tomllib.loads(write_space(SPACE))
    assert tables["parameters"]["dropout"]["when"] == {"depth": {"low": 3, "high": 8}}
    assert tables["fixed"] == {"epochs": 3}


@given(st.data())
def test_every_space_survives_being_written_and_read(
    spaces: SearchStrategy[Space], data: DataObject
) -> None:
    space = data.draw(spaces)
    assert read_space(write_space(space), "written") == space


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_space_survives_being_written_and_read(name: str) -> None:
    space = load_space(name)
    assert read_space(write_space(space), "written") == space
