"""Each validation row's value of a measure inside the graph, as `study.data.row_values` has it."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

from search_spaces.measures import MEASURES, MeasureName

# What a row can cost at most: a probability of 0 counts as the smallest normal float32.
_MOST_NATS = -math.log(float(np.finfo(np.float32).tiny))


def measured(
    measure: MeasureName, losses: Any, hits: Any, probabilities: Any, labels: Any, weights: Any
) -> Any:
    """Return the rows' values of a measure as float64 (rows,).

    `losses` are cross-entropies in nats, `hits` tell right answers, `probabilities` are
    (rows, classes); `weights` (rows,) say what each row counts in the measure's mean.
    """
    asked = MEASURES[measure].asked
    if asked == "log_loss":
        values = tf.minimum(tf.cast(losses, tf.float64), _MOST_NATS)
    elif asked == "brier_score":
        found = tf.cast(probabilities, tf.float64)
        right = tf.one_hot(labels, tf.shape(found)[1], dtype=tf.float64)
        values = tf.reduce_sum(tf.square(found - right), axis=1)
    else:
        values = tf.cast(hits, tf.float64)
    return values * weights
