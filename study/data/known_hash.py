"""Hold an array set that goes by a known name to what that name stands for."""

import numpy as np

from search_spaces.faults import Fault, FaultError
from study.data.arrays import WholeData, fingerprint
from study.data.known import Known


def check_known(name: str, known: Known, whole: WholeData, where: str) -> None:
    """Raise FaultError where these are not the arrays of the named data set.

    Where the fingerprint is not known (fashion-mnist), type, shape and images a class are checked:
    that tells another data set or a part of this one, not a changed pixel.
    """
    if known.fingerprint is not None:
        found = fingerprint(whole)
        if found != known.fingerprint:
            what = f"these are not the arrays of {name}"
            allowed = f"fingerprint {known.fingerprint[:16]}"
            raise FaultError(Fault(where, what, found[:16], allowed))
        return
    sizes = ((whole.train, known.train_n, "training"), (whole.test, known.test_n, "test"))
    faults = []
    shape, type_name = whole.image_shape, whole.train.inputs.dtype.name
    if (shape, type_name) != (known.image_shape, "uint8"):
        got = f"{type_name} images of {shape}"
        faults.append(Fault(where, f"this is not {name}", got, f"uint8, {known.image_shape}"))
    for examples, n, split in sizes:
        counts = np.bincount(examples.labels, minlength=known.classes).tolist()
        if counts != [n // known.classes] * known.classes:
            what = f"these are not the {split} labels of {name}"
            faults.append(Fault(where, what, str(counts), f"{n // known.classes:,} a class"))
    if faults:
        raise FaultError(*faults)
