"""The map on Evaluate: where the images lie, what is looked at, and what a client may misuse."""

import base64
import json

import numpy as np
import pytest

from fmnist.data.dataset import CLASS_NAMES
from tests.conftest import computed_like_real, logits_like_real
from tests.ui.conftest import click, components, send, sentences
from tests.ui.pages.predict_page import data, softmax

ASK, TSNE = "Open in Predict", "Compute the t-SNE map"
MAP = {"evaluate_view": "map"}


def shown(tab):
    """The caption of the image beside the map."""
    return next(image.proto.imgs[0].caption for image in tab.get("image"))


def component(tab):
    (found,) = [part.proto for part in components(tab)] or [None]
    return found


def drawn(tab):
    """Return the data of the scatter plot."""
    return json.loads(component(tab).json)


def places(tab):
    """The points (n, 2) that the browser unpacks, from 0 to 65,535."""
    content = base64.b64decode(drawn(tab)["points"])
    return np.frombuffer(content, "<u2", 2 * drawn(tab)["count"]).reshape(2, -1).T.astype(float)


def similar(points, others):
    """Return whether points are others translated and scaled, up to the rounding to whole numbers."""
    points, others = ((each - each.min(axis=0)) / np.ptp(each, axis=0).max() for each in (points, others))
    return np.allclose(points, others, atol=1e-4)


def look(tab, value):
    return send(tab, component(tab).id, json_value=json.dumps({"selected": value}))


def open_image(tab, value):
    events = f"$$STREAMLIT_INTERNAL_KEY_{component(tab).id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "open", "value": value}]))


def captions(tab):
    return " ".join(text.value.replace("\N{NO-BREAK SPACE}", " ") for text in (*tab.markdown, *tab.caption))


@pytest.fixture
def mapped(run_with_epochs, compute):
    """A run of two epochs with what is computed of it unasked."""
    run = run_with_epochs(2)
    compute(run.id)
    return run


def test_the_test_images_lie_along_their_principal_components(visit, mapped, labels):
    tab = visit("evaluate", **MAP)

    assert similar(places(tab), computed_like_real("pca")["points"])
    assert "keep 60% of their variance" in captions(tab)
    content = base64.b64decode(drawn(tab)["points"])[40_000:]
    assert content == labels.tobytes() + logits_like_real(2).argmax(axis=1).astype(np.uint8).tobytes()
    assert drawn(tab)["sentence"] in captions(tab)
    assert tab.query_params == {"run": mapped.id} | MAP


def test_it_begins_with_the_image_that_predict_shows(visit, mapped):
    assert drawn(visit("evaluate", **MAP))["first"] == 169
    tab = visit("predict", **MAP, index="7")
    tab.switch_page("ui/pages/evaluate.py").run()
    assert drawn(tab)["first"] == 7
    assert shown(tab) == "Test image 7: Shirt"

    tab = visit("predict", **MAP, source="train", index="7")
    tab.switch_page("ui/pages/evaluate.py").run()
    assert shown(tab) == "Test image 169: Pullover", "a training image is not on the map"


def test_the_image_that_is_looked_at_stands_beside_the_map(visit, mapped, labels):
    predicted = logits_like_real(2).argmax(axis=1)
    tab = visit("evaluate", **MAP)
    before = component(tab).json
    for index, verdict in ((np.flatnonzero(predicted == labels)[3], "Right"),
                           (np.flatnonzero(predicted != labels)[3], "Wrong")):  # fmt: skip
        look(tab, int(index))
        confidence = softmax(logits_like_real(2)[index]).max()
        assert shown(tab) == f"Test image {index}: {CLASS_NAMES[labels[index]]}"
        assert verdict in tab.markdown[-1].value
        assert (
            f"Predicted: {CLASS_NAMES[predicted[index]]}, with a confidence of {confidence:.2%}."
            in tab.markdown[-1].value
        )
        assert component(tab).json == before, "what the pointer changes would send the whole map again"


@pytest.mark.thorough
@pytest.mark.parametrize("value", [-1, 10_000, 1.5, True, "7", None, [7], {"index": 7}])
def test_what_is_no_image_is_neither_shown_nor_opened(visit, mapped, value):
    tab = look(visit("evaluate", **MAP), value)
    assert shown(tab) == "Test image 169: Pullover"

    open_image(tab, value)
    assert tab.title[0].value == "Evaluate a network"


@pytest.mark.parametrize("text", ["7", "[]", '"x"', '{"value": 7}'])
def test_what_is_no_state_at_all_does_no_harm(visit, mapped, text):
    tab = visit("evaluate", **MAP)
    send(tab, component(tab).id, json_value=text)

    assert shown(tab) == "Test image 169: Pullover"


def test_an_image_opens_in_predict_with_the_network_of_the_map(visit, mapped):
    tab = visit("predict", **MAP, epoch="1", predict_view="explanation")
    tab.switch_page("ui/pages/evaluate.py").run()
    open_image(tab, 9_999)
    assert tab.title[0].value == "Predict"
    assert data(tab)["place"]["index"] == 9_999
    assert tab.query_params == {"run": mapped.id, "index": "9999"}

    tab = look(visit("evaluate", **MAP), 12)
    click(tab, ASK)
    assert data(tab)["place"]["index"] == 12


def test_the_t_sne_map_is_made_on_request(visit, store, mapped, compute):
    tab = visit("evaluate", **MAP)
    tab.button_group(key="choose_projection").set_value("tsne").run()
    assert component(tab) is None
    click(tab, TSNE)
    assert store.jobs.state(mapped.id, "tsne").status == "queued"
    assert tab.get("progress")[0].proto.text == "Queued"

    compute(mapped.id)
    tab.run()
    assert similar(places(tab), computed_like_real("tsne")["points"])
    assert "distances between groups and their sizes mean little" in captions(tab)
    assert tab.query_params == {"run": mapped.id, "projection": "tsne"} | MAP


def test_while_a_run_trains_its_map_is_promised_for_later(visit, run_with_epochs):
    run_with_epochs(1, status="running", epochs=3)
    tab = visit("evaluate", **MAP)

    assert sentences(tab) == ["Available when the training has ended: it is computed from the finished network."]
    assert component(tab) is None


def test_of_an_older_run_the_map_is_made_by_a_button(visit, store, run_with_epochs):
    run = run_with_epochs(1, status="failed")
    click(visit("evaluate", **MAP), "Compute the map")

    assert store.jobs.state(run.id, "pca").status == "queued"


def test_a_run_deleted_meanwhile_is_explained(visit, store, mapped, run_with_epochs):
    kept = run_with_epochs(1)
    tab = visit("evaluate", **MAP, run=mapped.id)
    store.delete(mapped.id)
    tab.run()

    assert tab.warning[0].value.startswith(f"There is no run {mapped.id}; it may have been deleted.")
    assert tab.query_params == {"run": kept.id} | MAP


def test_a_projection_that_there_is_not_is_explained(visit, mapped):
    tab = visit("evaluate", **MAP, projection="umap")

    assert sentences(tab) == ["The address contains projection='umap'; it can be pca, tsne."]
    assert drawn(tab)["count"] == 10_000


def test_it_speaks_spanish(visit, mapped):
    tab = visit("evaluate", "es", **MAP)

    assert shown(tab) == "Imagen de prueba 169: Suéter"
    assert drawn(tab)["names"][2] == "Suéter"
    assert "de su varianza" in drawn(tab)["sentence"]
