from itertools import pairwise

from fmnist.architecture import LAYERS, PARAMETERS, WEIGHT_SHAPES


def test_the_layers_are_the_notebooks():
    assert [(layer.name, layer.output_shape, layer.parameters) for layer in LAYERS] == [
        ("convolution_1", (26, 26, 32), 320),
        ("pooling_1", (13, 13, 32), 0),
        ("convolution_2", (11, 11, 64), 18_496),
        ("pooling_2", (5, 5, 64), 0),
        ("convolution_3", (3, 3, 64), 36_928),
        ("flatten", (576,), 0),
        ("dense_1", (54,), 31_158),
        ("logits", (10,), 550),
    ]
    assert PARAMETERS == 87_452


def test_every_layer_takes_what_the_one_before_gives():
    for before, after in pairwise(LAYERS):
        assert after.input_shape == before.output_shape


def test_only_convolutions_and_dense_layers_learn():
    learning = {name.split("/")[0] for name in WEIGHT_SHAPES}
    assert learning == {layer.name for layer in LAYERS if layer.kind in ("convolution", "dense")}
    assert WEIGHT_SHAPES["convolution_2/kernel"] == (3, 3, 32, 64)
    assert WEIGHT_SHAPES["logits/bias"] == (10,)
