"""What the coordinator offers to every worker, and what a worker must agree with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """Name the session and all that must be equal on both sides.

    `folder` is where the coordinator keeps the training data; workers on its machine or a shared
    file system read it there. `command` starts a training process; empty means this product's own.
    """

    session: str
    folder: str
    fingerprint: str
    versions: dict[str, str]
    engine: str
    command: tuple[str, ...] = ()

    @property
    def plugin(self) -> str:
        """Return the name of the session's plugin on workers, and of what a slot is to Dask."""
        return f"dense-study-{self.session}"


def disagreement(offer: Offer, versions: dict[str, str], engine: str) -> str | None:
    """Say in what a worker with these versions differs from the coordinator, None if in nothing."""
    names = sorted({*offer.versions, *versions})
    found = [
        f"{name} is {versions.get(name, 'missing')} here and "
        f"{offer.versions.get(name, 'missing')} at the coordinator"
        for name in names
        if versions.get(name) != offer.versions.get(name)
    ]
    if engine != offer.engine:
        found.append(
            f"the training engine's source is {engine[:12]} here and "
            f"{offer.engine[:12]} at the coordinator (SHA-256)"
        )
    return "; ".join(found) or None
