"""Both languages say everything, and nothing that is not asked for."""

import ast
import re
from datetime import UTC, datetime
from string import Formatter
from typing import get_args

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from fmnist import errors
from fmnist.data.dataset import CLASS_NAMES, SplitName
from fmnist.errors import DamagedRun, FmnistError, InvalidInput
from fmnist.recipe import LIMITS
from fmnist.runs.parse import PARTS
from fmnist.runs.record import Failure
from tests.ui.conftest import PROJECT
from ui.i18n.text import LOCALES, _, duration, explain, fixed, language, literal, moment, ngettext, number, percent

EXCEPTIONS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, FmnistError)}
OF_FAILURES = dict.fromkeys(EXCEPTIONS)
KEYWORDS = {"_": None, "ngettext": (1, 2), **OF_FAILURES}
SOURCES = [
    PROJECT / "main.py",
    PROJECT / "streamlit_app.py",
    *PROJECT.glob("ui/**/*.py"),
    *PROJECT.glob("fmnist/**/*.py"),
]

# What fills a {place} of a sentence: a class's name, or a word that the code has as an identifier.
WORDS = {*CLASS_NAMES, *get_args(SplitName), *LIMITS, *PARTS.values()}


def messages_of(paths, keywords=KEYWORDS):
    """Every message of the sources: the English text, or singular and plural."""
    found = {}
    for path in paths:
        with path.open("rb") as source:
            for _line, message, _comments, _context in extract("python", source, keywords=keywords):
                found.setdefault(message, set()).add(path.name)
    return found


@pytest.fixture(scope="module")
def spanish():
    with (LOCALES / "es/fmnist.po").open("rb") as source:
        return {message.id: message.string for message in read_po(source) if message.id}


def places(text):
    return {place[1:] for place in Formatter().parse(text) if place[1]}


def sample(text):
    """Values of the kinds that the places of an English sentence are made for."""
    return {
        name: 1234.5 if (spec or "").endswith(("g", "f")) else 1234 if spec == "," else "text"
        for _text, name, spec, _conversion in Formatter().parse(text)
        if name
    }


def forms(message):
    return [message] if isinstance(message, str) else list(message)


def test_every_message_is_translated_and_no_translation_is_left_over(spanish):
    used = messages_of(SOURCES)
    needed = used.keys() | WORDS

    assert len(used) > 100
    assert {message: used.get(message) for message in needed - spanish.keys()} == {}
    assert spanish.keys() - needed == set()
    assert [message for message, text in spanish.items() if not all(forms(text))] == []


def test_every_template_is_a_literal():
    """Only a literal can be found by its translator."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EXCEPTIONS:
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


def test_both_languages_have_the_same_places(spanish):
    for message, text in spanish.items():
        wanted = places(forms(message)[-1])
        assert all(places(form) == wanted for form in forms(text)), message


def test_a_run_has_one_word_in_spanish(spanish):
    """And `entrenamiento` is left for what it does."""
    runs = [message for message in spanish if re.search(r"\b[Rr]uns?\b(?!\.sqlite3)", forms(message)[-1])]
    assert len(runs) > 50
    assert [message for message in runs if "corrida" not in " ".join(forms(spanish[message])).lower()] == []


def test_both_languages_can_be_filled(spanish):
    for message, text in spanish.items():
        values = sample(forms(message)[-1])
        for form in forms(message) + forms(text):
            assert "{" not in form.format(**values)


def test_every_failure_of_the_core_is_explained_in_both_languages(speak, spanish):
    templates = messages_of(PROJECT.glob("fmnist/**/*.py"), OF_FAILURES)
    assert len(templates) > 15
    for template in templates:
        values = sample(template)
        for problem in (FmnistError(template, **values), Failure(template, values)):
            speak("en")
            english = explain(problem)
            assert (
                english.replace("`", "") == str(problem).replace("`", "") == template.format(**values).replace("`", "")
            )
            speak("es")
            assert explain(problem) not in ("", english, template)


def test_words_inside_a_failure_are_translated_too(speak):
    problem = InvalidInput("There is no {split} image {index}; choose an index from 0 to {last:,}.",
                           split="test", index="10000", last=9999)  # fmt: skip
    speak("en")
    assert explain(problem) == "There is no test image 10000; choose an index from 0 to 9,999."
    speak("es")
    assert explain(problem) == "No hay ninguna imagen de prueba 10000; elige un índice de 0 a 9,999."


def test_numbers_inside_a_failure_are_written_as_each_language_writes_them(speak):
    problem = InvalidInput("{field} is {value!r}; choose a number from {least:g} to {most:g}.",
                           field="learning_rate", value=1.5, least=0.001, most=1)  # fmt: skip
    speak("en")
    assert explain(problem) == "learning_rate is 1.5; choose a number from 0.001 to 1."
    speak("es")
    assert "1.5" in explain(problem) and "0.001" in explain(problem)


@pytest.mark.parametrize("column", PARTS)
def test_a_damaged_run_is_told_without_the_stores_names(speak, column):
    problem = DamagedRun(
        "Run {number} is damaged in the store: its {part} cannot be read. The other runs are not affected; delete "
        "this one and train it anew.",
        number=1_000, part=PARTS[column],
    )  # fmt: skip
    speak("en")
    assert f"its {PARTS[column]} cannot be read" in explain(problem)
    speak("es")
    assert f"no se puede leer {_(PARTS[column])}" in explain(problem)
    assert _(PARTS[column]) != PARTS[column]


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        ("![x](//evil)", "`![x](//evil)`"),
        ("a`b``c", "``` a`b``c ```"),
        ("`", "`` ` ``"),
        ("one\n\n# two", "one  \n`# two`"),
        ("\u202egnp", "`\N{REPLACEMENT CHARACTER}gnp`"),
        ("", ""),
    ],
)
def test_what_comes_from_outside_is_code(outside, shown):
    assert literal(outside) == shown


def test_a_word_of_ours_is_one_that_we_know(speak):
    speak("en")
    assert explain(InvalidInput("{field} is {value!r}; choose true or false.", field="[x](//evil)", value=[1])) == (
        "`[x](//evil)` is `[1]`; choose true or false."
    )


def test_nothing_stays_nothing(speak):
    speak("es")
    assert explain(FmnistError("The loss became {loss} in epoch {epoch}. Choose a lower learning rate and train again.",
                               loss="", epoch=1)).startswith("La pérdida llegó a  en la época 1.")  # fmt: skip


def test_a_message_without_values_is_not_formatted(speak):
    for spoken, text in (("en", "Chart as {format}"), ("es", "Gráfica en {format}")):
        speak(spoken)
        assert _("Chart as {format}") == text


def test_one_and_many(speak):
    singular, plural = "**{count} mistake.**", "**{count} mistakes**, the most confident first."
    speak("en")
    assert [ngettext(singular, plural, count) for count in (1, 1_200)] == [
        "**1 mistake.**", "**1,200 mistakes**, the most confident first.",
    ]  # fmt: skip
    speak("es")
    assert [ngettext(singular, plural, count) for count in (1, 12_000)] == [
        "**1 error.**", "**12,000 errores**, primero los de mayor confianza.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("write", "written"),
    [
        (lambda: number(0), "0"),
        (lambda: number(60_000), "60,000"),
        (lambda: number(12.34, 1), "12.3"),
        (lambda: number(12.0, 1), "12"),
        (lambda: fixed(0.25, 4), "0.2500"),
        (lambda: fixed(234.5, 2), "234.50"),
        (lambda: fixed(8_320_983.4, 4), "8,320,983"),
        (lambda: percent(0.90646), "90.6%"),
        (lambda: percent(0.9065, 2), "90.65%"),
        (lambda: percent(1.0), "100.0%"),
        (lambda: percent(0), "0.0%"),
        (lambda: percent(31.4), "3,140.0%"),
        (lambda: duration(0.4), "0 s"),
        (lambda: duration(59.4), "59 s"),
        (lambda: duration(59.6), "1 min 0 s"),
        (lambda: duration(160), "2 min 40 s"),
        (lambda: duration(3_900), "1 h 5 min"),
        (lambda: duration(90_000), "25 h 0 min"),
    ],
)
@pytest.mark.parametrize("spoken", ["en", "es"])
def test_numbers_are_written_as_in_mexico_and_the_united_states(speak, write, written, spoken):
    speak(spoken)
    assert write() == written


def test_moments_are_told_in_this_machines_zone(speak):
    when = datetime(2025, 12, 24, 18, 5).astimezone()
    speak("en")
    assert re.sub(r"\s", " ", moment(when)) == "12/24/25, 6:05 PM"
    assert moment(when.astimezone(UTC)) == moment(when)
    speak("es")
    assert re.sub(r"\s", " ", moment(when)) == "24/12/25, 6:05 p.m."


def test_without_a_browsers_wish_it_is_english():
    assert language() == "en"
