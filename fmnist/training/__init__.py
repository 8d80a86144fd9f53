"""The only code that imports TensorFlow."""

import os

# Set before the import that reads them: the network is TensorFlow's whatever Keras is configured to use elsewhere,
# and TensorFlow's notes about its build and its devices tell a person who trains nothing.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
