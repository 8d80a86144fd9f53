"""The only code that imports TensorFlow."""

import os

# Set before the import that reads them: the network is TensorFlow's whatever Keras is configured to use elsewhere,
# and TensorFlow's notes about its build and its devices tell a person who trains nothing.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# TensorFlow uses oneDNN by itself only where there is AVX-512 or AMX. With AVX2 alone an epoch of Fast takes 17 seconds
# by it and 25 without.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
