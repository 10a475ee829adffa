"""A TensorBoard event file that can go on: it says what it holds, and takes in more."""

import struct
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

# A record is its length (8 bytes) and that one's checksum (4), its bytes, and their checksum (4):
# TFRecord, https://www.tensorflow.org/tutorials/load_data/tfrecord
_HEADER, _FOOTER = 12, 4
_VERSION = "brain.Event:2"


class EventFile:
    """Append events to a file, which is made if need be; raises OSError.

    A record that was torn when its writer was killed is cut off, and with it what follows.
    """

    def __init__(self, path: Path, wall_time: float) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = path.read_bytes() if path.exists() else b""
        self.events, whole = read_events(content)
        self._file = path.open("r+b" if content else "wb", buffering=0)
        self._file.truncate(whole)
        self._file.seek(whole)
        if not self.events:
            self.append(Event(wall_time=wall_time, file_version=_VERSION))

    def append(self, event: Event) -> None:
        """Write an event behind the others."""
        self._file.write(_record(event.SerializeToString()))
        self.events.append(event)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_events(content: bytes) -> tuple[list[Event], int]:
    """Return the events of a file's content, and how many bytes of it they are."""
    events: list[Event] = []
    place = 0
    while len(content) >= place + _HEADER:
        (length,) = struct.unpack("<Q", content[place : place + 8])
        end = place + _HEADER + length + _FOOTER
        body = content[place + _HEADER : end - _FOOTER]
        if end > len(content) or content[place:end] != _record(body):
            break
        events.append(Event.FromString(body))
        place = end
    return events, place


def _record(body: bytes) -> bytes:
    length = struct.pack("<Q", len(body))
    return length + _checksum(length) + body + _checksum(body)


def _checksum(part: bytes) -> bytes:
    return struct.pack("<I", masked_crc32c(part))
