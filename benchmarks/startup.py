"""Measure what a command costs before it does anything: `--help` against importing tensorflow.

Prints the median seconds of interleaved runs in fresh processes, and their ratios.
"""

import argparse
import statistics
import subprocess
import sys
import time

CASES = {
    "python, nothing": [sys.executable, "-c", "pass"],
    "dense-study --help": [sys.executable, "-m", "study", "--help"],
    "dense-study spaces check four": [sys.executable, "-m", "study", "spaces", "check", "four"],
    "dense-study list": [sys.executable, "-m", "study", "list"],
    "import tensorflow": [sys.executable, "-c", "import tensorflow"],
}


def seconds_of(command: list[str]) -> float:
    """Return the wall-clock seconds of one command in a fresh process."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    """Run every case in turn, several times over, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    seconds: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(repeats):
        for name, command in CASES.items():
            seconds[name].append(seconds_of(command))
    reference = statistics.median(seconds["import tensorflow"])
    print(f"medians of {repeats} interleaved runs")
    for name, values in seconds.items():
        median = statistics.median(values)
        print(f"{name:32} {median:7.3f} s   {median / reference:6.1%} of importing tensorflow")


if __name__ == "__main__":
    main()
