"""Saliency maps of a prediction: Grad-CAM and occlusion. NumPy only, computed in float64."""

from collections.abc import Callable

import numpy as np

from fmnist.analysis.metrics import softmax
from fmnist.architecture import IMAGE_SHAPE, KERNEL, LAYERS, POOL

SIDE = IMAGE_SHAPE[0]
STRIDE = 2
# Pixels; even as the stride is, so that the squares lie symmetrically in the image. Wide enough to hide a sleeve or a
# heel: in 74 % of 150 test images one of them changes the Notebook network's answer; wider ones say less where.
SQUARE = 6


def grad_cam(activations: dict[str, np.ndarray], weights: dict[str, np.ndarray], label: int) -> np.ndarray:
    """Return the Grad-CAM map of a class, float64 (3, 3), at least 0 (Selvaraju et al. 2017).

    `activations` are one image's layer outputs, `weights` as in `WEIGHT_SHAPES`. Behind the maps A (3, 3, 64) come only
    a = flatten(A), h = relu(a·W₁ + b₁) and the logits y = h·W₂ + b₂. Relu's derivative is 1 where h > 0, else 0, so

        ∂y_c/∂a = W₁ · ([h > 0] ∘ W₂[:, c]),   in the shape of A: ∂y_c/∂A.

    Its mean over the 9 places is α (64), the weight of each map for the class (eq. 1); the result is relu(Σ_k α_k A_k)
    (eq. 2). It is 0 everywhere when no place is evidence for the class.
    """
    maps = activations["convolution_3"].astype(np.float64)
    open_units = activations["dense_1"] > 0
    gradient = weights["dense_1/kernel"].astype(np.float64) @ (open_units * weights["logits/kernel"][:, label])
    worth = gradient.reshape(maps.shape).mean(axis=(0, 1))
    return np.maximum(maps @ worth, 0)


def occlusion(logits_of: Callable[[np.ndarray], np.ndarray], image: np.ndarray, label: int) -> np.ndarray:
    """Return the fall of a class's probability under an occluding square, float64 (14, 14) (Zeiler & Fergus 2014).

    `logits_of` gives logits (n, 10) of images uint8 (n, 28, 28); `image` is uint8 (28, 28). Below 0 the probability
    rose. Squares that reach over the border are cut off.
    """
    firsts = [int(center + 0.5 - SQUARE / 2) for center in OCCLUSION_CENTERS]
    covered = np.repeat(image[None], 1 + len(firsts) ** 2, axis=0)
    places = ((row, column) for row in firsts for column in firsts)
    for one, (row, column) in zip(covered[1:], places, strict=True):
        # Black is the data's background, as if that piece of the garment were missing: a square beside the garment
        # changes nothing. Zeiler & Fergus's grey is a patch of cloth to this network: on background alone, the
        # training set's mean grey moved the probability by more than 0.05 in 31 % of 150 test images.
        one[max(row, 0) : row + SQUARE, max(column, 0) : column + SQUARE] = 0
    probabilities = softmax(logits_of(covered))[:, label]
    return (probabilities[0] - probabilities[1:]).reshape(len(firsts), len(firsts))


def upsample(values: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Return a square map (m, m) upsampled to the image, float64 (28, 28): bilinear, constant outside the centers.

    `centers` (m,) are the pixels, rows as columns, that the map's places stand for: `GRAD_CAM_CENTERS` or
    `OCCLUSION_CENTERS`.
    """
    interpolation = np.stack([np.interp(np.arange(SIDE), centers, one) for one in np.eye(len(centers))])
    return interpolation.T @ values @ interpolation


def _receptive_centers(name: str) -> np.ndarray:
    """Return the center pixel of the receptive field of each row of a layer's output, float64; columns are the same."""
    middle, step = 0.0, 1
    for layer in LAYERS:
        reach = KERNEL if layer.kind == "convolution" else POOL
        middle += step * (reach - 1) / 2
        step *= POOL if layer.kind == "pooling" else 1
        if layer.name == name:
            return middle + step * np.arange(layer.output_shape[0])
    raise ValueError(f"The network has no layer {name!r}.")


# 8.5, 12.5 and 16.5, each in the middle of 18 pixels: the poolings leave out the last two rows and columns.
GRAD_CAM_CENTERS = _receptive_centers("convolution_3")
# 0.5, 2.5 … 26.5
OCCLUSION_CENTERS = np.arange(0, SIDE, STRIDE) + 0.5
