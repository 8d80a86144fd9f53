"""The Data page, as a person uses it and as a client misuses it."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from fmnist.data import sources
from fmnist.settings import Settings
from tests.ui.conftest import click, components, send, sentences
from ui.server.dataset import dataset_loader


@pytest.fixture
def dataset(server):
    return dataset_loader().dataset


def grid(tab):
    """Return the data of the image grid."""
    return json.loads(components(tab)[0].proto.json)


def open_image(tab, position):
    """Send what the grid sends when somebody opens an image."""
    events = f"$$STREAMLIT_INTERNAL_KEY_{components(tab)[0].proto.id}__events"
    return send(tab, events, json_trigger_value=json.dumps([{"event": "open", "value": position}]))


def indices(tab):
    """The indices that the descriptions of the drawn images end in."""
    return [int(text.split()[-1].replace(",", "").replace(".", "")) for text in grid(tab)["descriptions"]]


def test_it_opens_with_the_first_25_training_images(visit, dataset):
    tab = visit()

    assert tab.title[0].value == "The data set"
    assert indices(tab) == list(range(25))
    assert grid(tab)["captions"][:3] == ["Ankle boot", "T-shirt/top", "T-shirt/top"]
    assert grid(tab)["descriptions"][0] == "Ankle boot, training image 0"
    assert grid(tab)["columns"] == grid(tab)["rows"] == 5
    assert tab.caption[-1].value == "Images 1–25 of 60,000."
    assert tab.query_params == {}
    assert sentences(tab) == []


def test_it_speaks_the_browsers_language(visit):
    tab = visit(browser="es-MX")

    assert tab.title[0].value == "El conjunto de datos"
    assert grid(tab)["descriptions"][0] == "Botín, imagen de entrenamiento 0"
    assert tab.caption[-1].value == "Imágenes 1–25 de 60,000."
    assert visit(browser="fr-FR").title[0].value == "The data set"


def test_a_chosen_language_wins_and_the_address_keeps_it(visit):
    tab = visit(browser="es-ES")
    tab.button_group(key="choose_language").set_value("en").run()

    assert tab.title[0].value == "The data set"
    assert tab.query_params == {"language": "en"}
    assert visit(browser="en-US", language="es").title[0].value == "El conjunto de datos"


def test_split_and_class_and_page(visit, dataset):
    tab = visit()
    tab.get_by_key("choose_page").set_value(3).run()
    assert indices(tab) == list(range(50, 75))

    tab.button_group(key="choose_split").set_value("test").run()
    assert indices(tab) == list(range(25)), "other images begin at their first page"
    assert tab.caption[-1].value == "Images 1–25 of 10,000."

    tab.selectbox(key="choose_label").set_value(8).run()
    assert set(grid(tab)["captions"]) == {"Bag"}
    assert indices(tab) == dataset.test.indices(8)[:25].tolist()
    assert tab.selectbox(key="choose_label").options[8] == "Bag (1,000)"

    tab.get_by_key("choose_page").set_value(40).run()
    assert tab.query_params == {"split": "test", "label": "8", "page": "40"}
    assert tab.caption[-1].value == "Images 976–1,000 of 1,000."


def test_a_shuffle_can_be_repeated_from_its_address(visit, dataset):
    tab = click(visit(), "Shuffle")
    seed = tab.number_input(key="choose_seed").value

    assert tab.query_params == {"seed": str(seed)}
    assert indices(tab) == dataset.train.indices(seed=seed)[:25].tolist()
    assert indices(visit(seed=str(seed))) == indices(tab)

    click(tab, "In order")
    assert indices(tab) == list(range(25))
    assert tab.query_params == {}
    assert all(button.disabled for button in tab.button if button.label == "In order")


def test_a_page_beyond_the_last_one_of_a_class_is_its_last(visit):
    tab = visit(label="0", page="2400")

    assert tab.caption[-1].value == "Images 5,976–6,000 of 6,000."
    assert tab.query_params == {"label": "0", "page": "240"}


@pytest.mark.parametrize(("split", "index"), [("train", 7), ("test", 7)])
def test_an_opened_image_is_predicted_on_predict(project_run, visit, split, index):
    tab = open_image(visit(split=split), index)

    assert tab.title[0].value == "Predict"
    assert tab.session_state["session"].sample_split == split
    assert tab.session_state["session"].index == index


@pytest.mark.parametrize("position", [25, -1, 3.0, "3", None, {"a": 1}, [0]])
def test_a_position_that_is_none_opens_nothing(visit, position):
    tab = open_image(visit(), position)

    assert tab.title[0].value == "The data set"
    assert indices(tab) == list(range(25))


@pytest.mark.parametrize(
    ("parameter", "value", "sentence"),
    [
        ("label", "10", "The address contains label='10'; choose a number from 0 to 9."),
        ("label", "Bag", "The address contains label='Bag'; choose a number from 0 to 9."),
        ("seed", "9" * 5_000, f"The address contains seed='{'9' * 40}'; choose a number from 0 to 4,294,967,295."),
        ("page", "0", "The address contains page='0'; choose a number from 1 to 2,400."),
        ("split", "", "The address contains split=''; it can be train, test."),
        ("language", "de", "The address contains language='de'; it can be en, es."),
    ],
)
def test_an_address_that_cannot_be_had_is_explained_once(visit, parameter, value, sentence):
    tab = visit(**{parameter: value})

    assert sentences(tab) == [sentence]
    assert indices(tab) == list(range(25))
    assert tab.query_params == {}
    click(tab, "Shuffle")
    assert sentences(tab) == []


def test_the_explanation_is_translated(visit):
    assert sentences(visit(browser="es", label="10")) == ["La dirección contiene label='10'; elige un número de 0 a 9."]
    assert sentences(visit(browser="es", split="")) == ["La dirección contiene split=''; puede ser train, test."]


def test_numbers_past_the_widgets_are_not_taken_over(visit):
    tab = visit(seed="5")
    tab.number_input(key="choose_seed").set_value(2**40).run()

    assert tab.session_state["session"].seed in range(2**32)
    assert len(indices(tab)) == 25
    send(tab, tab.get_by_key("choose_page").proto.id, int_value=10**6)
    assert tab.session_state["session"].page in range(1, 2401)
    assert len(indices(tab)) == 25


@pytest.fixture
def dataset_not_loaded(server):
    dataset_loader.forget()
    yield
    dataset_loader.forget()  # what failed here is no other test's


@pytest.mark.parametrize(
    ("browser", "sentence", "retry"),
    [
        ("en", "The data's cache folder on this server cannot be written.", "Try again"),
        ("es", "No se puede escribir en la carpeta caché de los datos de este servidor.", "Intentar de nuevo"),
    ],
    ids=["English", "Spanish"],
)
def test_missing_data_is_one_sentence_and_a_button_that_works_once_it_is_there(
    visit, dataset_not_loaded, tmp_path, monkeypatch, browser, sentence, retry
):
    found = {file.archive: sources.load_file(file, Settings.from_environment()).path for file in sources.FILES}
    monkeypatch.setattr(sources, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "regular file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "regular file"))

    tab = visit(browser=browser)
    (message,) = sentences(tab)
    assert message.startswith(sentence)
    assert str(tmp_path) not in message
    assert tab.title and not components(tab)
    assert [button.label for button in tab.button] == [retry]
    click(tab, retry)
    assert sentences(tab) == [message]

    (tmp_path / "data").mkdir()
    for archive, path in found.items():
        (tmp_path / "data" / archive).symlink_to(path)
    click(tab, retry)
    assert dataset_loader().wait(300)  # longer than a page waits, on a busy machine
    tab.run()
    assert sentences(tab) == []
    assert indices(tab) == list(range(25))


def test_both_files_of_the_figure_are_offered(visit):
    assert [button.label for button in visit().get("download_button")] == ["These images as PNG", "These images as SVG"]


def test_the_sprite_holds_the_drawn_images(visit, dataset):
    content = grid(visit(split="test"))["sprite"].removeprefix("data:image/png;base64,")
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))

    assert pixels.shape == (140, 140)
    assert np.array_equal(pixels[28:56, 56:84], dataset.test.images[7])
