"""The training engine: what a TrainConfig means, step by step.

One epoch visits the training examples in a new random order, in batches of batch_size; the last
batch is as small as it comes and counts as a step. A batch is made and learnt from like this:

1. Inputs are divided by their full scale. Images are distorted (augment.py), then mixed
   (batches.py); labels become distributions, mixed alike, then smoothed.
2. Input dropout; then for each hidden layer dense, normalisation, activation, dropout; then a
   dense layer with softmax (network.py, layers.py). The loss is the batch's mean cross-entropy.
3. Gradients are clipped by their global norm; kernels decay by rate * weight_decay of themselves;
   the optimizer steps; averages follow; max-norm shortens hidden columns (updating.py).

The learning rate is a function of the step and of all planned steps, epochs * steps an epoch, also
where early stopping ends sooner (schedule.py). Averaged weights start as the weights after the
first step; they are what is validated and kept. Moving statistics of batch normalisation are not
averaged again. The training loss is the mean over an epoch of what was minimised, smoothed and
mixed; the validation loss is the plain cross-entropy.

All random numbers are functions of the seed and of the epoch or step (randomness.py).
"""
