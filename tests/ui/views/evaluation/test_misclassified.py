"""The mistakes as a file."""

import csv

import numpy as np
import pytest

from ui.views.evaluation.misclassified import file_name, misclassified_csv


def test_the_file_has_true_and_predicted_class_and_confidence():
    logits = np.zeros((3, 10), np.float16)
    logits[0, 4], logits[2, 0], logits[2, 9] = 3, 1, 2
    labels = np.array([6, 1, 0], np.uint8)
    rows = list(csv.DictReader(misclassified_csv(logits, labels, np.array([2, 0])).decode("ascii").splitlines()))

    assert [list(row.values())[:3] for row in rows] == [["2", "T-shirt/top", "Ankle boot"], ["0", "Shirt", "Coat"]]
    assert list(rows[0]) == ["index", "true", "predicted", "confidence", "probability_of_true"]
    assert float(rows[0]["confidence"]) == pytest.approx(np.e**2 / (np.e**2 + np.e + 8))
    assert float(rows[0]["probability_of_true"]) == pytest.approx(np.e / (np.e**2 + np.e + 8))
    assert float(rows[1]["probability_of_true"]) == pytest.approx(1 / (np.e**3 + 9))


def test_without_mistakes_there_is_only_the_header():
    assert misclassified_csv(np.zeros((3, 10)), np.zeros(3, int), np.array([], int)) == (
        b"index,true,predicted,confidence,probability_of_true\r\n"
    )


@pytest.mark.parametrize(
    ("classes", "name"),
    [
        ((None, None), "mistakes-run-3-epoch-5.csv"),
        ((0, None), "mistakes-run-3-epoch-5-true-t-shirt-top.csv"),
        ((None, 9), "mistakes-run-3-epoch-5-predicted-ankle-boot.csv"),
        ((6, 0), "mistakes-run-3-epoch-5-true-shirt-predicted-t-shirt-top.csv"),
    ],
)
def test_the_files_name_has_its_classes(classes, name):
    assert file_name(3, 5, *classes) == name
