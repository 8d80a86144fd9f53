"""The confusion matrix, the images of a cell, and the metrics of each class."""

import numpy as np
import streamlit as st

from fmnist.analysis.confusion import cell, confusion_matrix
from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import Dataset
from fmnist.runs.record import Run
from ui.components.matrix.matrix import matrix_of_buttons
from ui.i18n.names import class_name
from ui.i18n.text import _, ngettext, percent
from ui.server import resources
from ui.state.address import write_url
from ui.state.session import session
from ui.views.evaluation.class_table import class_table
from ui.widgets.gallery import gallery, prediction_sentence


def draw_confusion_matrix(run: Run, epoch: int, dataset: Dataset) -> None:
    """Draw the confusion matrix beside the images of the chosen cell, and below it the metrics of each class."""
    logits = resources.logits(run.id, epoch)
    matrix = confusion_matrix(dataset.test.labels, predictions(logits))
    _draw_cells(matrix, logits, dataset)
    class_table(matrix)


# A fragment: another cell redraws the matrix and its images only.
@st.fragment
def _draw_cells(matrix: np.ndarray, logits: np.ndarray, dataset: Dataset) -> None:
    state = session()
    true, predicted = chosen_cell(matrix, state.true, state.predicted)
    table, images = st.columns([490, 652], gap="large")
    with table:
        matrix_of_buttons(matrix, state.cell_values, (true, predicted), _choose_cell, key="matrix")
        names = {"counts": _("Counts"), "normalized": _("Percent of the row")}
        st.segmented_control(_("Cells"), required=True, **state.bind_options("cell_values", names))
        st.caption(
            _("Rows: true class. Columns: predicted class. Every test image is counted once.")
            + " "
            + _(
                "The diagonal, framed and blue, holds the right predictions; the stronger the orange, the larger "
                "the share of a class that is predicted as another. Choose a cell with a click, or with the arrow "
                "keys and Enter, to see its images."
            )
        )
    with images:
        _draw_images(logits, dataset, true, predicted)
    write_url()


def chosen_cell(matrix: np.ndarray, true: int | None, predicted: int | None) -> tuple[int, int]:
    """Return the cell of two classes; where one or both are None, the cell with most errors among those that fit."""
    if true is not None and predicted is not None:
        return true, predicted
    confusions = matrix.copy()
    np.fill_diagonal(confusions, -1)
    classes = np.arange(len(matrix))
    if true is not None:
        confusions[classes != true] = -1
    if predicted is not None:
        confusions[:, classes != predicted] = -1
    row, column = np.unravel_index(confusions.argmax(), confusions.shape)
    return int(row), int(column)


def _choose_cell(true: int, predicted: int) -> None:
    session().choose(true=true, predicted=predicted)


def _draw_images(logits: np.ndarray, dataset: Dataset, true: int, predicted: int) -> None:
    indices = cell(logits, dataset.test.labels, true, predicted)
    names = {"true": class_name(true), "predicted": class_name(predicted)}
    if not len(indices):
        st.info(_("True class {true}, predicted {predicted}: no image at all.", **names), icon=":material/hide_image:")
        return
    st.markdown(
        ngettext(
            "True class **{true}**, predicted **{predicted}**: {count} image.",
            "True class **{true}**, predicted **{predicted}**: {count} images, the most confident first.",
            len(indices),
            **names,
        )
    )

    def describe(index: int) -> tuple[str, str]:
        return percent(softmax(logits[index])[predicted], 2), prediction_sentence(index, true, logits[index])

    gallery(dataset.test.images, indices, describe, key="cell")
