"""What each file's tests cost the processor, beside pytest's own durations on the clock.

On a busy machine the clock says little of a test's own cost; waiting costs nothing here.
"""

import os
from collections import Counter
from collections.abc import Generator

import pytest

# So many files are listed.
_SHOWN = 15
_NAME = "processor_seconds"
_SINCE = pytest.StashKey[float]()


def seconds() -> float:
    """Return the processor time of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Look at the clock before anything is set up."""
    item.stash[_SINCE] = seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Note what the test took, with what it set up and took down."""
    try:
        return (yield)
    finally:
        item.user_properties.append((_NAME, seconds() - item.stash[_SINCE]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the files that took most, where a whole run is looked at."""
    config = terminalreporter.config
    if not config.option.durations:
        return
    files: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "teardown":
                files[report.nodeid.partition("::")[0]] += dict(report.user_properties)[_NAME]
    terminalreporter.section("most of the processor by file")
    for name, used in files.most_common(_SHOWN):
        terminalreporter.write_line(f"{used:8.1f} s  {name}")
    terminalreporter.write_line(f"{files.total():8.1f} s  all files")
