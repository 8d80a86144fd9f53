"""The Predict page, as a person uses it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect


def picture(page: Page, caption: str) -> None:
    expect(page.get_by_role("img", name=caption)).to_be_visible()


def type_index(page: Page, index: int) -> None:
    box = page.locator(".st-key-type_index input")
    box.fill(str(index))
    box.press("Enter")


def test_a_new_machine_answers_at_once(visit, empty_server):
    page = visit(empty_server, "predict")
    picture(page, "Test image 169: Pullover")
    expect(page.get_by_test_id("stMetricValue")).to_have_text("Pullover")
    expect(page.get_by_role("combobox", name="Run")).to_have_value(re.compile("Best, included"))


def test_any_image_is_chosen_by_number_by_slider_and_at_random(visit, trained_server):
    page = visit(trained_server, "predict")
    picture(page, "Test image 169: Pullover")
    # Ten bars of confidence: 0% to 100% of each class.
    expect(page.get_by_role("rowheader", name="Ankle boot")).to_be_visible()
    expect(page.get_by_role("rowheader", name="✓ Pullover")).to_be_visible()

    type_index(page, 9999)
    picture(page, "Test image 9,999: Sandal")
    expect(page).to_have_url(re.compile("index=9999"))
    slider = page.get_by_role("slider", name="Image")
    expect(slider).to_have_value("9999")

    slider.focus()
    slider.press("ArrowLeft")
    picture(page, "Test image 9,998: Trouser")
    expect(page.locator(".st-key-type_index input")).to_have_value("9998")

    page.get_by_role("button", name="Random").click()
    expect(page).not_to_have_url(re.compile("index=9998"))


def test_a_link_shows_the_same_prediction_in_another_browser(visit, trained_server):
    run = trained_server.run
    page = visit(trained_server, f"predict?run={run.id}&epoch=1&index=12")
    picture(page, "Test image 12: Sneaker")
    expect(page.get_by_role("slider", name="epoch")).to_have_attribute("aria-valuetext", "1")
    first = page.get_by_test_id("stAlert").inner_text()

    last = visit(trained_server, "predict?index=12")
    picture(last, "Test image 12: Sneaker")
    expect(last.get_by_role("slider", name="epoch")).to_have_attribute("aria-valuetext", "3")
    # Another epoch is another network: its confidence differs in the second decimal.
    expect(last.get_by_test_id("stAlert")).not_to_have_text(first)


def test_the_next_mistake_is_misclassified(visit, trained_server):
    page = visit(trained_server, "predict?index=0")
    picture(page, "Test image 0: Ankle boot")
    seen = set()
    for _ in range(3):
        shown = page.url
        page.get_by_role("button", name="Next mistake").click()
        expect(page).not_to_have_url(shown)
        true = page.get_by_role("img", name="Test image").get_attribute("alt").partition(": ")[2]
        expect(page.get_by_test_id("stAlert")).to_contain_text(f"the true class is {true}")
        expect(page.get_by_test_id("stMetricValue")).not_to_have_text(true)
        seen.add(page.url)
    assert len(seen) == 3


def test_after_a_training_image_there_is_a_way_back_to_the_test_images(visit, trained_server):
    page = visit(trained_server, "predict?sample_split=train&index=59999")
    picture(page, "Training image 59,999: Sandal")
    page.get_by_role("button", name="Back to the test images").click()

    picture(page, "Test image 169: Pullover")


def test_the_keyboard_reaches_every_control(visit, trained_server):
    page = visit(trained_server, "predict")
    picture(page, "Test image 169: Pullover")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(NAME_OF_FOCUSED))

    for control in ("Data", "Train", "Predict", "English", "Run", "Network after epoch", "Image", "Index", "Random",
                    "Next mistake", "Over the epochs"):  # fmt: skip
        assert any(control in name for name in reached), f"{control} is not among {reached}"


NAME_OF_FOCUSED = """() => {
    const focused = document.activeElement
    const labels = Array.from(focused.labels ?? []).map((label) => label.innerText)
    const namedBy = (focused.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id))
    const names = [...labels, ...namedBy.map((element) => element?.innerText)]
    return [focused.getAttribute("aria-label"), focused.innerText, ...names].filter(Boolean).join(" ")
}"""


def test_whoever_cannot_see_hears_what_picture_and_chart_show(visit, trained_server):
    page = visit(trained_server, "predict?index=12")
    picture(page, "Test image 12: Sneaker")
    answer = page.get_by_test_id("stMetricValue").inner_text()
    table = page.get_by_role("table", name=f"Highest probability: {answer}")

    expect(table.get_by_role("columnheader")).to_have_text(["■ Probability (softmax)", "◇ Notebook's score (sigmoid)"])
    row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=answer))
    expect(row.get_by_role("cell")).to_have_text([re.compile(r"^[\d.]+%$")] * 2)


def test_the_longest_bar_is_that_of_the_prediction(visit, trained_server):
    page = visit(trained_server, "predict?index=12")
    picture(page, "Test image 12: Sneaker")
    answer = page.get_by_test_id("stMetricValue").inner_text()
    lengths = page.locator(".bars .bar").evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")

    expect(page.locator(".bars tbody tr").nth(lengths.index(max(lengths)))).to_contain_text(answer)
    diamond, track = (page.locator(f".bars .{part}").first.bounding_box() for part in ("diamond", "track"))
    assert track["x"] - diamond["width"] < diamond["x"] < track["x"] + track["width"]


def test_the_dark_theme_is_dark_and_can_be_read(visit, trained_server):
    page = visit(trained_server, "predict", color_scheme="dark")
    picture(page, "Test image 169: Pullover")
    ground = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    heading = page.get_by_role("heading", level=1).evaluate("text => getComputedStyle(text).color")
    labels = page.get_by_role("rowheader").first.evaluate("text => getComputedStyle(text).color")

    assert brightness(ground) < 0.1
    assert brightness(heading) > 0.8
    assert brightness(labels) > 0.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_can_be_read(visit, trained_server, scheme):
    """4.5 to 1 is what WCAG 2.2 (1.4.3) asks of text of this size."""
    page = visit(trained_server, "predict", color_scheme=scheme)
    picture(page, "Test image 169: Pullover")
    for chosen in (page.get_by_role("radio", name="Prediction"), page.get_by_test_id("stSliderThumbValue").first):
        assert contrast(page, chosen) >= 4.5


def brightness(color: str) -> float:
    red, green, blue = (part / 255 for part in numbers(color)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(page: Page, text: Locator) -> float:
    """Of a text with what it stands on, as WCAG counts it: the lighter's luminance by the darker's."""
    app = numbers(page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor"))
    *tint, share = numbers(text.evaluate("text => getComputedStyle(text).backgroundColor"))
    ground = [share * over + (1 - share) * under for over, under in zip(tint, app, strict=True)]
    color = numbers(text.evaluate("text => getComputedStyle(text).color"))
    darker, lighter = sorted((luminance(color), luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: list[float]) -> float:
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def numbers(color: str) -> list[float]:
    return [float(number) for number in re.findall(r"[\d.]+", color)]
