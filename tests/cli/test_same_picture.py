"""The page and the command line read the same file in the same way."""

import base64
import json

import pytest
from PIL import Image

from fmnist.analysis.metrics import rounded, softmax
from fmnist.inference.classifier import Classifier
from fmnist.inference.preprocessing import from_text
from fmnist.inference.reader import FROM_PAGE
from fmnist.pretrained.network import read
from testing.bombs import flat_webp
from testing.corpus import bad, good, shirt
from testing.photographs import file_of
from ui.components.network.photo import read_choice


@pytest.fixture(scope="module")
def network():
    return Classifier(read().kept[-1].weights)


def on_the_page(content, network):
    """The probabilities that the page shows for what its script sends, or its refusal."""
    photo = "data:;base64," + base64.b64encode(content).decode()
    choice = read_choice({"number": 1, "name": "picture.png", "photo": photo})
    if choice.error:
        return str(choice.error)
    return softmax(rounded(network.activations(from_text(choice.picture))["logits"]))


@pytest.mark.parametrize("files", [good, bad])
def test_every_file_gets_the_same_answer_or_the_same_words(project_run, command, network, tmp_path, files):
    path, refusals = tmp_path / "picture.png", []
    for name, content in files():
        assert len(content) <= FROM_PAGE.size, name  # the page's script sends it as it is
        path.write_bytes(content)
        page, done = on_the_page(content, network), command("predict", path, "--json")
        if isinstance(page, str):
            assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"Error: {page}\n"), name
            refusals.append(name)
        else:
            assert (done.exit_code, done.stderr) == (0, ""), name
            assert list(json.loads(done.stdout)["probabilities"].values()) == pytest.approx(page, abs=1e-6), name
    # Of one pixel nothing stands out.
    expected = [name for name, _ in files() if files is bad or "(1, 1)" in name]
    assert refusals == expected
    assert len(list(files())) > 30


def test_a_file_of_a_test_image_gets_the_numbers_of_its_index(project_run, command, dataset, tmp_path):
    path = tmp_path / "169.png"
    Image.fromarray(dataset.test.images[169]).save(path)
    by_file, by_index = (json.loads(command("predict", which, "--json").stdout) for which in (path, 169))

    assert by_file["probabilities"] == by_index["probabilities"]
    assert by_file["notebook_scores"] == by_index["notebook_scores"]


def test_a_process_of_its_own_writes_nothing_beside_the_answer_or_the_refusal(project_run, start, tmp_path):
    flat = "The picture has 10,000 × 10,000 pixels; choose one with at most 8,000,000 in all."
    damaged = file_of(shirt().convert("RGB"), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(90))
    processes = {}
    for content, stderr in ((damaged, ""), (flat_webp(10_000), f"Error: {flat}\n")):
        path = tmp_path / f"{len(processes)}.png"
        path.write_bytes(content)
        processes[start("predict", path)] = stderr
    for process, stderr in processes.items():
        answer, errors = process.communicate(timeout=300)
        assert errors == stderr
        assert process.returncode == (2 if stderr else 0)
        assert ("predicted class" in answer) == (not stderr)
