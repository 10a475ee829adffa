"""What is the same in every network and so no parameter; free of keras and tensorflow."""

# Keras's epsilon of both normalisations. Its momentum of 0.99 would still remember the start
# after a short training: 120 steps of ten epochs on digits.
NORMALIZATION_EPSILON = 0.001
BATCH_MOMENTUM = 0.95
OUTPUT_INITIALIZER = "glorot_uniform"
EVALUATION_BATCH = 500
# Parts of the validation images, each scored at the epoch that the others choose.
FOLDS = 10
