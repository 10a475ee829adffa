from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_spaces.change import changed_space
from search_spaces.faults import FaultError
from search_spaces.read import load_space, read_space
from search_spaces.shipped import shipped_text
from search_spaces.space import ChoiceDomain, FloatDomain, IntDomain, OneOf

LISTED = "those that dense-study spaces parameters lists"
RANGES = "NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=ONE,TWO,..., such as dropout=0:0.6"


def test_a_parameter_is_fixed_and_another_has_a_new_range() -> None:
    four = load_space("four")
    space = changed_space(four, ["width=512"], ["dropout = 0.1:0.4"])
    assert space.name == "four-changed"
    assert space.fixed == {"width": 512}
    domains = {one.name: one.domain for one in space.parameters}
    assert domains["dropout"] == FloatDomain(0.1, 0.4)
    assert sorted(domains) == ["batch_size", "dropout", "epochs"]
    assert space.baseline == four.baseline


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("batch_size=64:256:log", IntDomain(64, 256, log=True)),
        ("batch_size=64,128,256", ChoiceDomain((64, 128, 256))),
        ("optimizer=adam,sgd", ChoiceDomain(("adam", "sgd"))),
        ("learning_rate=1e-4:1e-2:log", FloatDomain(1e-4, 1e-2, log=True)),
    ],
)
def test_ranges_log_ranges_and_lists_of_values_are_understood(text: str, domain: object) -> None:
    space = changed_space(load_space("four"), [], [text])
    found = {one.name: one.domain for one in space.parameters}
    assert found[text.partition("=")[0]] == domain


def test_what_a_fixed_value_decides_is_decided() -> None:
    wide = load_space("wide")
    when = {one.name: one.when for one in wide.parameters}
    assert "optimizer" in when["weight_decay"]
    assert "optimizer" in when["momentum"]
    space = changed_space(wide, ["optimizer=adam"], [])
    after = {one.name: one.when for one in space.parameters}
    assert "weight_decay" not in after
    assert "momentum" not in after
    assert "optimizer" not in {other for conditions in after.values() for other in conditions}


def test_a_condition_that_holds_goes_and_one_on_what_varies_stays() -> None:
    space = read_space(
        """
name = "two"
[parameters.depth]
type = "int"
low = 1
high = 3
[parameters.taper]
type = "float"
low = 0.5
high = 1.0
when.depth = [2, 3]
[baseline]
depth = 2
taper = 1.0
""",
        "two.toml",
    )
    fixed = changed_space(space, ["depth=2"], [])
    assert [(one.name, dict(one.when)) for one in fixed.parameters] == [("taper", {})]
    varied = changed_space(space, [], ["depth=2:3"])
    assert [(one.name, one.domain, dict(one.when)) for one in varied.parameters] == [
        ("depth", IntDomain(2, 3), {}),
        ("taper", FloatDomain(0.5, 1.0), {"depth": OneOf((2, 3))}),
    ]


@pytest.mark.parametrize(
    ("fixed", "varied", "message"),
    [
        (
            ["width"],
            [],
            "--set: not understood; got 'width'; allowed: NAME=VALUE, such as width=512",
        ),
        (
            ["witdh=512"],
            [],
            "--set: no such parameter (did you mean width?); got 'witdh'; allowed: " + LISTED,
        ),
        (["width=512", "width=256"], [], "--set: given twice; got width"),
        (["width=512"], ["width=64:512"], "--vary: fixed by --set as well; got width"),
        (
            [],
            ["dropout=0:half"],
            "--vary: no range of dropout; got '0:half'; allowed: " + RANGES,
        ),
    ],
)
def test_what_is_not_understood_says_what_would_be(
    fixed: list[str], varied: list[str], message: str
) -> None:
    with pytest.raises(FaultError) as caught:
        changed_space(load_space("four"), fixed, varied)
    assert str(caught.value) == message


def test_a_space_without_its_baseline_is_refused_by_name() -> None:
    with pytest.raises(FaultError, match="baseline") as caught:
        changed_space(load_space("four"), ["width=256"], [])
    assert "width" in str(caught.value)


@given(st.lists(st.text(max_size=20), max_size=3), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_a_space_or_a_fault(fixed: list[str], varied: list[str]) -> None:
    four = load_space("four")
    with suppress(FaultError):
        assert changed_space(four, fixed, varied).baseline == four.baseline


@given(st.sampled_from(["dropout", "width", "epochs", "optimizer"]), st.text(max_size=12))
def test_any_range_is_a_space_or_a_fault(name: str, text: str) -> None:
    four = load_space("four")
    with suppress(FaultError):
        assert name in {one.name for one in changed_space(four, [], [f"{name}={text}"]).parameters}


def test_a_space_that_names_its_data_still_does_when_it_is_changed() -> None:
    text = shipped_text("four") + '[data]\nsource = "my.csv"\ntarget = "kind"\n'
    space = read_space(text, "my.toml")
    assert changed_space(space, ["width=512"], []).data == space.data
