"""The network in Keras's file formats: `python -m fmnist.training.export` writes the templates anew.

`fmnist.inference.template` fills them with the weights of any epoch, without TensorFlow.
"""

import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import keras
from ai_edge_litert.schema_py_generated import Model

from fmnist.architecture import LAYERS
from fmnist.inference import template
from fmnist.system.files import write_atomically
from fmnist.training.network import build
from fmnist.types import Arrays

# Of the compiled archive: small enough that further epochs do not lose accuracy first.
LEARNING_RATE = 1e-4


def to_litert(weights: Arrays) -> bytes:
    """Return a LiteRT file whose signature maps images float32 (n, 28, 28, 1) to every layer's output by its name.

    Without the signature, the first output is the logits; the others follow in the network's order.
    """
    model = build(weights)
    outputs = {layer.name: model.get_layer(layer.name).output for layer in LAYERS}
    return _with_logits_first(_written(keras.Model(model.inputs, outputs), "network.tflite"))


def to_keras(weights: Arrays) -> bytes:
    """Return a Keras archive of the compiled network: images float32 (n, 28, 28, 1) in [0, 1] to logits."""
    model = build(weights)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(LEARNING_RATE), loss, metrics=["accuracy"])
    model.optimizer.build(model.trainable_variables)
    return _written(model, "network.keras")


def write_templates() -> None:
    """Write the files that `fmnist.inference.template` fills. Raises ValueError when a mark is not there once."""
    marks = template.placeholder_weights()
    litert, archive = to_litert(marks), to_keras(marks)
    template.find_offsets(litert)
    with ZipFile(io.BytesIO(archive)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    template.find_offsets(members[template.HDF5], template.hdf5_layout)
    # When it was written belongs to no network that it will be filled with.
    metadata = {"keras_version": json.loads(members[template.METADATA])["keras_version"]}
    members[template.METADATA] = json.dumps(metadata).encode()
    write_atomically({template.FILE: litert, template.ARCHIVE: template.archive(members)})


def _with_logits_first(litert: bytes) -> bytes:
    """Return the file with the logits as its first output; the signature names tensors, whatever their order."""
    file = bytearray(litert)
    model = Model.GetRootAs(file)
    outputs = map(model.SignatureDefs(0).Outputs, range(len(LAYERS)))
    tensors = {output.Name().decode(): output.TensorIndex() for output in outputs}
    # A view of the file's own bytes.
    model.Subgraphs(0).OutputsAsNumpy()[:] = [tensors[layer.name] for layer in (LAYERS[-1], *LAYERS[:-1])]
    return bytes(file)


def _written(model: keras.Model, name: str) -> bytes:
    """Return the file that Keras writes, which takes a path alone."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        if path.suffix == ".keras":
            model.save(path)
        else:
            model.export(path, format="litert", verbose=False)
        return path.read_bytes()


if __name__ == "__main__":
    write_templates()
