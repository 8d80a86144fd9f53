"""The texts of the network component in the tab's language."""

from typing import Any

from fmnist.architecture import IMAGE_SHAPE, LAYERS, Layer
from ui.i18n.names import class_names
from ui.i18n.text import _


def words() -> dict[str, Any]:
    """Return every text of the component; those in braces are filled by the script."""
    return {
        "names": tuple(class_names()),
        "title": _("Probability (softmax)"),
        "pad": _("Image of 28 × 28 gray values. Arrow keys move, the space bar draws, E erases, Ctrl+Z undoes."),
        "tools": _tools(),
        "controls": _controls(),
        "views": {
            "view": _("View"),
            "layers": _("Layers"),
            "explanation": _("Why"),
            "epochs": _("Over the epochs"),
        },
        "layers": _layers(),
        "sizes": {"image": f"{IMAGE_SHAPE[0]}×{IMAGE_SHAPE[1]}"} | {layer.name: _size(layer) for layer in LAYERS},
        "notes": _notes(),
        "verdict": _verdict(),
        "photo": _photo(),
        "opened": _opened(),
        "why": _why(),
        "history": {
            "kept": _("After each of {count} kept epochs; click one to choose it."),
            "right": _("Right after {count} of {of} kept epochs; click one to choose it."),
        },
    }


def _tools() -> dict[str, str]:
    return {
        "toolbar": _("Tools"),
        "original": _("Original"),
        "brush0": _("Small brush"),
        "brush1": _("Medium brush"),
        "brush2": _("Large brush"),
        "erase": _("Erase"),
        "grey": _("Gray value of the brush"),
        "move": _("Move"),
        "mirror": _("Mirror"),
        "undo": _("Undo"),
    }


def _controls() -> dict[str, str]:
    return {
        "image": _("Image"),
        "range": _("0 to {last}"),
        "index": _("Index of the image"),
        "random": _("Random"),
        "mistake": _("Next mistake"),
        "epoch": _("Epoch"),
        "epoch_meaning": _("the network after so many rounds of training"),
        "play": _("Play the epochs"),
        "pause": _("Pause"),
        "run": _("Run"),
        "run_meaning": _("the network that predicts"),
    }


def _layers() -> dict[str, str]:
    return {
        "image": _("Image"),
        "convolution": _("Convolution"),
        "pooling": _("Max pooling"),
        "flatten": _("Flatten"),
        "dense": _("Dense"),
        "logits": _("Logits"),
    }


def _size(layer: Layer) -> str:
    if layer.name == "logits":
        return f"{layer.output_shape[0]} → softmax"
    if len(layer.output_shape) == 1:
        return str(layer.output_shape[0])
    height, width, count = layer.output_shape
    return f"{height}×{width}, " + _("{count} maps", count=count)


def _notes() -> dict[str, str]:
    highest = _("Max pooling keeps the highest of each 2 × 2 values: the maps are half as wide.")
    return {
        "usual": _(
            "Draw on the image: the prediction and every layer follow. Bright means a high value. Point at a layer "
            "to read what it does; click it to open it."
        ),
        "loading": _("Layers: loading, 350 KB"),
        "refused": _("This browser did not get the network's weights; the predictions come from the server."),
        "image": _("The input: 28 × 28 gray values, from 0 (black) to 1 (white)."),
        "convolution_1": _(
            "Each of 32 filters of 3 × 3 learned weights slides over the image; negative sums become 0 (ReLU)."
        ),
        "pooling_1": highest,
        "convolution_2": _("Each of 64 filters covers 3 × 3 places of all 32 maps at once; negative sums become 0."),
        "pooling_2": highest,
        "convolution_3": _("Each of 64 filters covers 3 × 3 places of all 64 maps at once; negative sums become 0."),
        "flatten": _("The 64 maps of 3 × 3 values as one list of 576."),
        "dense_1": _("Each of the 54 values is a weighted sum of all 576; negative sums become 0 (ReLU)."),
        "logits": _(
            "Each class has a weighted sum of the 54 values, its logit; softmax turns the ten logits into "
            "probabilities."
        ),
    }


def _opened() -> dict[str, str]:
    return {
        "all": _("All layers"),
        "all_maps": _("All {count} maps. Arrow keys go from map to map."),
        "all_values": _("All {count} values. Arrow keys go from value to value."),
        "place": _("Map {map} · row {row}, column {column}"),
        "maps_label": _("All maps of the layer"),
        "map_label": _("The chosen map"),
        "image_window": _("Image, 3×3 window"),
        "map_window": _("Map {map} before it"),
        "filter": _("Filter (learned)"),
        "products": _("Products"),
        "strongest_inputs": _("Sums by the map before it, the strongest first:"),
        "sum_of_nine": _("Sum of the nine products"),
        "other_maps": _("+ the other {count} maps"),
        "bias": _("+ bias (learned)"),
        "relu": _("ReLU: negative → 0"),
        "pool_window": _("Map {map} before it, 2×2 window"),
        "highest": _("The highest"),
        "flattened": _("Value {index} of the list is row {row}, column {column} of map {map}."),
        "value": _("Value"),
        "strongest_products": _("The ten strongest products: value × weight"),
        "more_products": _("and {count} more products"),
        "sum": _("Sum of all products"),
        "logit": _("Logit"),
        "exponential": _("exp(logit − highest)"),
        "probability": _("Probability (softmax)"),
        "score": _("Notebook's score (sigmoid)"),
        "softmax": _(
            "Softmax divides each exponential by the sum of all ten: the probabilities add up to 100%. The sigmoid "
            "takes each logit alone: its scores are no probabilities."
        ),
        "pixel": _("Row {row}, column {column}: gray value {value}"),
    }


def _why() -> dict[str, str]:
    positions = (
        _("at the top left"), _("at the top"), _("at the top right"),
        _("at the left"), _("in the middle"), _("at the right"),
        _("at the bottom left"), _("at the bottom"), _("at the bottom right"),
    )  # fmt: skip
    return {
        "class": _("Class to explain"),
        "predicted": _("the predicted class"),
        "evidence": _("orange: evidence for the class"),
        "strongest": _("Grad-CAM: the strongest evidence for {name} is {where}."),
        "none": _("Grad-CAM: no evidence for {name} in the last convolution."),
        "occlusion": _("Occlusion"),
        "falls": _("orange: covering lowers it"),
        "fall": _("Occlusion: covering a square {where} lowers the probability of {name} by {points} at most."),
        "rise": _("Occlusion: covering a square {where} raises the probability of {name} by {points}."),
        "same": _("Occlusion: no single square changes the probability of {name}."),
        "cover": _("Point at the image to cover a part of it."),
        "covered": _("Covered: {name} {before} → {after}"),
        "hint": _(
            "Read both as hints, not as reasons. Grad-CAM has only 3 × 3 places here, each with a receptive field "
            "of 18 × 18 pixels; and an image with a covered square is unlike most training images."
        ),
        "similar": _("Nearest training images"),
        "similar_later": _("by the 54 values of the dense layer"),
    } | {f"position{place}": text for place, text in enumerate(positions)}


def _photo() -> dict[str, str]:
    return {
        "choose": _("Choose a picture"),
        "another": _("Choose another picture"),
        "ways": _("or drop it here, or paste it"),
        "yours": _("Your picture"),
        "advice": _(
            "One piece of clothing, all of it, from the front; shoes from the side, the toe to the left. A plain "
            "background helps most. The server stores no photo; the 28 × 28 gray values that are left of it are in "
            "the address of this page, visible to everyone with the link."
        ),
    }


def _verdict() -> dict[str, str]:
    return {
        "test": _("Test image {index}"),
        "train": _("Training image {index}"),
        "photo": _("Your photo"),
        "draw": _("Your drawing"),
        "true": _("true class: {name}"),
        "changed": _("changed"),
        "right": _("right"),
        "wrong": _("wrong"),
        "was": _("was {name} {confidence}"),
        "unlike": _("unlike the images it knows"),
        "empty": _("Draw a piece of clothing"),
    }
