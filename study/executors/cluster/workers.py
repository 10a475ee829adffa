"""The Dask workers that take part: who they are, what they offer, how the data came to them."""

from dataclasses import dataclass, field, replace

from study.executors.cluster.messages import Counts, Ready


@dataclass(frozen=True)
class Member:
    """A worker that offers slots; `name` is what the study's records call it."""

    name: str
    slots: int
    counts: Counts


@dataclass
class Members:
    """All workers by address, as they come and go."""

    present: dict[str, Member] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    awaiting: set[str] = field(default_factory=set)
    joined: int = 0

    @property
    def slots(self) -> int:
        """Return how many jobs the present workers can train at once."""
        return sum(member.slots for member in self.present.values())

    @property
    def none_may(self) -> bool:
        """Tell whether there are workers and every one of them was refused."""
        return bool(self.refused) and not self.present and not self.awaiting

    def await_data(self, address: str) -> None:
        """Take in that a worker needs the data sent."""
        self.awaiting.add(address)

    def join(self, address: str, ready: Ready) -> Member:
        """Take in a worker that is ready, under a name of its own."""
        self.awaiting.discard(address)
        self.joined += 1
        member = self.present[address] = Member(f"worker {self.joined}", ready.slots, ready.counts)
        return member

    def count(self, address: str, counts: Counts) -> None:
        """Take in how often the data has come to a worker by now."""
        if address in self.present:
            self.present[address] = replace(self.present[address], counts=counts)

    def refuse(self, address: str, reason: str) -> None:
        """Take in a worker that may not take part."""
        self.awaiting.discard(address)
        self.refused[address] = reason

    def leave(self, address: str) -> Member | None:
        """Forget a worker, and return it if it took part."""
        self.awaiting.discard(address)
        self.refused.pop(address, None)
        return self.present.pop(address, None)
