"""A process that says which GPUs there are, and ends: `python -m ... FD`.

TensorFlow takes hold of the GPUs that it lists, so that no other process of ours asks it.
"""

import sys
from multiprocessing.connection import Connection
from typing import Any

import tensorflow as tf


def main(descriptor: int) -> None:
    """Send the names, in TensorFlow's order, through the pipe with this file descriptor."""
    found = tf.config.list_physical_devices("GPU")
    details = map(tf.config.experimental.get_device_details, found)
    pipe: Connection[Any, Any] = Connection(descriptor)
    pipe.send([str(one.get("device_name", "of unknown name")) for one in details])


if __name__ == "__main__":
    main(int(sys.argv[1]))
