"""A plan for what reads one."""

import pytest

from study.run_dir.plan import Plan


@pytest.fixture
def plan():
    return Plan(
        name="s",
        created="2026-01-01T00:00:00+00:00",
        data="digits",
        data_fingerprint="f" * 64,
        space="four",
        space_fingerprint="0" * 16,
        seed=1,
        split_seed=5,
        share=1 / 6,
        sampler="tpe",
        pruner="none",
        window=0,
        trials=12,
        timeout_seconds=0.0,
        trial_timeout_seconds=0.0,
        jobs=1,
        storage="",
        versions={},
        machine="",
    )
