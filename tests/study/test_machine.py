from pathlib import Path

import pytest

from study.machine import machine, place, processor

CORE = """processor\t: {number}
vendor_id\t: Example
cpu family\t: {family}
model\t\t: 2
model name\t: Example 9000 @ 2 GHz
stepping\t: 1
cache size\t: 1024 KB
flags\t\t: fpu {flags}

"""


def cpuinfo(folder: Path, family: int = 26, flags: str = "avx2 avx512f") -> Path:
    cores = [CORE.format(number=number, family=family, flags=flags) for number in range(2)]
    path = folder / "cpuinfo"
    path.write_text("".join(cores))
    return path


def test_a_processor_is_named_by_its_model_and_by_what_tells_generations_apart(
    tmp_path: Path,
) -> None:
    expected = "Example 9000 @ 2 GHz (family 26, model 2, stepping 1, cache 1024 KB, AVX-512)"
    assert processor(cpuinfo(tmp_path)) == expected


@pytest.mark.parametrize("other", [{"family": 25}, {"flags": "avx2"}])
def test_processors_of_one_name_that_compute_differently_have_other_names(
    tmp_path: Path, other: dict[str, object]
) -> None:
    names = {processor(cpuinfo(tmp_path)), processor(cpuinfo(tmp_path, **other))}  # type: ignore[arg-type]
    assert len(names) == 2


def test_a_kernel_that_says_little_still_gives_a_name(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("model name\t: Example 9000\n")
    assert processor(tmp_path / "cpuinfo") == "Example 9000"
    assert processor(tmp_path / "absent") != ""
    (tmp_path / "empty").touch()
    assert processor(tmp_path / "empty") != ""


def test_a_place_is_the_machine_and_its_processor() -> None:
    assert place().startswith(f"{machine()}, ")
    assert "\n" not in place()
