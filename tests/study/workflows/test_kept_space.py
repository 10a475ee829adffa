"""Which data a published number is for: that of [data], by whatever path it is named."""

from pathlib import Path

import pytest

from search_spaces.data_source import AS_IT_IS, DataOptions, DataSource
from search_spaces.space import Baseline, PublishedNumber, Space
from study.workflows.kept_space import kept_space

OPTIONS = DataOptions(target="kind", test_data="later.csv")
SPACE = Space(
    "mine",
    "",
    (),
    {},
    Baseline({}, PublishedNumber(0.9)),
    data=DataSource("my.csv", OPTIONS),
)


def test_an_absolute_path_names_the_same_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    there = DataOptions(target="kind", test_data=str(tmp_path / "later.csv"))
    (tmp_path / "spaces").mkdir()
    kept = kept_space(SPACE, (str(tmp_path / "spaces" / ".." / "my.csv"), there), "my", 20)
    assert kept.baseline.published == PublishedNumber(0.9, "my", "test", 20)


def test_the_same_file_read_otherwise_is_other_data() -> None:
    kept = kept_space(SPACE, ("my.csv", AS_IT_IS), "my", 20)
    assert kept.baseline.published == PublishedNumber(0.9, "the [data] of mine, 'my.csv'")
