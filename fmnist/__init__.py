"""Fashion-MNIST and a small convolutional network: data, training, runs, answers."""

__version__ = "0.1.0"
