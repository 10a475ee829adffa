"""Trying it: data, model, engine, coordinator, workers, confirmation, export, commands."""

import os

# Where TensorFlow's oneDNN kernels are on they keep memory for every shape they ever met: over 200
# trials of mixed width and batch size that came to 80 MB, and trials were no faster. TensorFlow
# reads this when it is imported; a value that the user has set is kept.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
