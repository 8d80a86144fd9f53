"""The fields of a session: the types of their values and the domains that limit them."""

from typing import Literal, get_args

from fmnist.architecture import LAYERS
from fmnist.data.dataset import CLASS_NAMES, SPLIT_SIZES, SplitName
from fmnist.recipe import LIMITS, TRAINING_IMAGES
from ui.state.domains import Domain, Epoch, Fraction, OneOf, Picture, SampleIndex, Several, Text, Whole

Language = Literal["en", "es"]
EvaluateView = Literal["matrix", "misclassified", "calibration", "map"]
CellValues = Literal["counts", "normalized"]
TrainView = Literal["training", "details"]
PredictView = Literal["layers", "explanation", "epochs"]
Projection = Literal["pca", "tsne"]
# The origin of the image on Predict.
Source = Literal["test", "train", "photo", "draw"]
XAxis = Literal["epochs", "first", "seconds"]
# By the network that predicts the true class.
DisagreementFilter = Literal["all", "first", "second", "neither"]
LAYER_NAMES = tuple(layer.name for layer in LAYERS)

IMAGES_A_GRID = 25
# Besides the chosen run: the theme has six colors for curves.
MAX_COMPARED = 5

_CLASS = Whole(0, len(CLASS_NAMES) - 1)
_EPOCH = Epoch(1, int(LIMITS["epochs"][1]))
# None is allowed, too, where it is a field's default.
DOMAINS: dict[str, Domain] = {
    "language": OneOf(get_args(Language)),
    "split": OneOf(get_args(SplitName)),
    "label": _CLASS,
    "seed": Whole(0, int(LIMITS["seed"][1])),
    "page": Whole(1, TRAINING_IMAGES // IMAGES_A_GRID),
    "run": Text(),
    "train_view": OneOf(get_args(TrainView)),
    "compare": Several(Text(), MAX_COMPARED),
    "x_axis": OneOf(get_args(XAxis)),
    "epoch": _EPOCH,
    "index": SampleIndex(0, TRAINING_IMAGES - 1),
    "source": OneOf(get_args(Source)),
    "picture": Picture(),
    "predict_view": OneOf(get_args(PredictView)),
    "layer": OneOf(LAYER_NAMES),
    "explained_class": _CLASS,
    "evaluate_view": OneOf(get_args(EvaluateView)),
    "cell_values": OneOf(get_args(CellValues)),
    "true": _CLASS,
    "predicted": _CLASS,
    "gallery_page": Whole(1, SPLIT_SIZES["test"] // IMAGES_A_GRID),
    "threshold": Fraction(),
    "projection": OneOf(get_args(Projection)),
    "other": Text(),
    "other_epoch": _EPOCH,
    "disagreement_filter": OneOf(get_args(DisagreementFilter)),
}
