"""The misclassified test images, the most confident first: errors of the network, perhaps some of the labels."""

import csv
import io

import numpy as np
import streamlit as st

from fmnist.analysis.confusion import misclassified_by_confidence
from fmnist.analysis.metrics import predictions, softmax
from fmnist.data.dataset import CLASS_NAMES, Dataset
from fmnist.runs.outcome import degenerate_warning
from fmnist.runs.record import Run
from ui.i18n.names import class_name, class_names
from ui.i18n.text import _, ngettext, percent
from ui.server import resources
from ui.state.session import session
from ui.widgets.downloads import class_part
from ui.widgets.gallery import gallery, prediction_sentence

# The documentation of label errors.
_SOURCES = {
    "issue": "https://github.com/zalandoresearch/fashion-mnist/issues/166",
    "paper": "https://arxiv.org/abs/1912.05283",
    "others": "https://arxiv.org/abs/2103.14749",
    "cleanlab": "https://docs.cleanlab.ai/stable/tutorials/datalab/image.html",
}


def draw_misclassified(run: Run, epoch: int, dataset: Dataset) -> None:
    """Draw the misclassified images of a true and a predicted class, or of any, and a note on label errors."""
    state = session()
    logits, labels = resources.logits(run.id, epoch), dataset.test.labels
    indices = misclassified_by_confidence(logits, labels, state.true, state.predicted)
    choices, images = st.columns([2, 3], gap="large")
    with choices:
        _pick_class(_("True class"), "true")
        _pick_class(_("Predicted class"), "predicted")
        st.download_button(
            _("These mistakes as CSV"),
            lambda: misclassified_csv(logits, labels, indices),
            file_name=file_name(run.number, epoch, state.true, state.predicted),
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not len(indices),
        )
        if not degenerate_warning(run, epoch):  # its errors are no sign of wrong labels
            _note_on_labels()
    with images:
        if not len(indices):
            _draw_none(state.true, state.predicted)
            return
        st.markdown(
            ngettext("**{count} mistake.**", "**{count} mistakes**, the most confident first.", len(indices))
            + " "
            + _("Under each image: ✓ the true class, ✗ the predicted class and its confidence.")
        )

        def describe(index: int) -> tuple[str, str]:
            confidence = softmax(logits[index])
            predicted = int(confidence.argmax())
            # No line break between a sign and its name in a narrow window.
            lines = f"✓\N{NO-BREAK SPACE}{class_name(labels[index])}\n✗\N{NO-BREAK SPACE}{class_name(predicted)} "
            return lines + percent(confidence[predicted], 2), prediction_sentence(
                index, int(labels[index]), logits[index]
            )

        gallery(dataset.test.images, indices, describe, key="misclassified")


def _pick_class(label: str, field: str) -> None:
    st.selectbox(
        label, index=None, placeholder=_("Any class"), **session().bind_options(field, dict(enumerate(class_names())))
    )


def _draw_none(true: int | None, predicted: int | None) -> None:
    if true is not None and true == predicted:
        message = _("Images of the class {name} that are predicted as {name} are no mistakes. Choose two different "
                    "classes.",
                 name=class_name(true))  # fmt: skip
    else:
        message = _("There is no such mistake.")
    st.info(message, icon=":material/check_circle:")


def _note_on_labels() -> None:
    st.markdown(
        _(
            "**Or is the label wrong?** Some of these may be errors of the labels and not of the network, or "
            "images that people, too, would disagree on."
        )
    )
    with st.expander(_("Documented label errors"), icon=":material/menu_book:"):
        st.markdown(
            _(
                "- Müller and Markert (2019, [arXiv 1912.05283]({paper})) report mislabeled images among the "
                "**training** images. In [issue 166]({issue}) of the data set's repository, one of the authors "
                "mentions a large number of them, and images that were cropped wrongly.\n"
                "- The [tutorial of cleanlab]({cleanlab}), a program that finds wrong labels, uses the training "
                "images as its example.\n"
                "- Northcutt, Athalye and Mueller (2021, [arXiv 2103.14749]({others})) estimate that on average at "
                "least 3.3% of the labels are wrong in the test sets of ten other well-known data sets. "
                "Fashion-MNIST is not among the ten.",
                **_SOURCES,
            )
        )


def file_name(run_number: int, epoch: int, true: int | None, predicted: int | None) -> str:
    """Return the name of the CSV file for these classes: mistakes-run-3-epoch-5-true-shirt.csv."""
    classes = {"true": true, "predicted": predicted}
    filters = [f"-{name}-{class_part(label)}" for name, label in classes.items() if label is not None]
    return f"mistakes-run-{run_number}-epoch-{epoch}{''.join(filters)}.csv"


def misclassified_csv(logits: np.ndarray, labels: np.ndarray, indices: np.ndarray) -> bytes:
    """Return samples as CSV: index, classes by the data set's names, probabilities of both classes."""
    probabilities, predicted = softmax(logits[indices]), predictions(logits[indices])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["index", "true", "predicted", "confidence", "probability_of_true"])
    for index, label, row in zip(indices, predicted, probabilities, strict=True):
        true = labels[index]
        writer.writerow([index, CLASS_NAMES[true], CLASS_NAMES[label], float(row[label]), float(row[true])])
    return text.getvalue().encode("ascii")
