"""Bring a run directory and what its storage keeps together, whichever is behind."""

from dataclasses import dataclass
from pathlib import Path

from search_spaces.faults import fault
from study.database.mirror import Mirror
from study.run_dir.paths import RunDirectory


@dataclass(frozen=True)
class Joined:
    """What both sides of a list still need: lines to keep, and a new file, None where it stands."""

    to_keep: tuple[bytes, ...]
    to_write: bytes | None


def join(local: bytes, kept: list[bytes]) -> Joined | None:
    """Return how a list's file and its kept lines become the same; None where they diverge.

    One must be the beginning of the other; the longer one holds. The file may end within a line.
    """
    whole = b"".join(line + b"\n" for line in kept)
    if whole.startswith(local):
        return Joined((), None if whole == local else whole)
    if not local.startswith(whole):
        return None
    *more, _torn = local[len(whole) :].split(b"\n")
    return Joined(tuple(more), None)


def reconcile(run: RunDirectory, mirror: Mirror) -> None:
    """Write what the run directory lacks and keep what the storage lacks; raises FaultError.

    Nothing is changed where a list diverges. `run` is one without a replica, held by this process.
    """
    joined = {path: _join(path, mirror) for path in run.lists}
    for path, both in joined.items():
        for line in both.to_keep:
            mirror.line(path.name, line)
        if both.to_write is not None:
            run.write_bytes(path, both.to_write)
    kept = mirror.texts()
    for path in run.texts:
        # A replica has a whole file first, so that its own is never the older one.
        content = kept.get(path.name)
        if content is None and path.is_file():
            mirror.text(path.name, path.read_bytes())
        elif content is not None and (not path.is_file() or path.read_bytes() != content):
            run.write_bytes(path, content)


def _join(path: Path, mirror: Mirror) -> Joined:
    local = path.read_bytes() if path.is_file() else b""
    kept = mirror.lines(path.name)
    joined = join(local, kept)
    if joined is None:
        lines = zip(local.split(b"\n"), kept, strict=False)
        number = next((i for i, (one, other) in enumerate(lines, 1) if one != other), 1)
        what = "differs from what the study's storage keeps"
        allowed = "move the run directory away: it is written anew from the storage"
        raise fault(f"{path}, line {number}", what, allowed=allowed)
    return joined
