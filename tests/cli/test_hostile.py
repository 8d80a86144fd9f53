"""All commands with what a person may type, and with disks and streams that fail: a sentence, never a traceback."""

import signal
from pathlib import Path

import pytest

from fmnist.__main__ import main

DIGITS, LETTERS = "9" * 5_000, "x" * 10_000
# A digit of another script, a superscript, a control sequence, and a byte and a half character that no text has.
WORDS = (LETTERS, "²", "\x1b[31mred", "a\nb", "a\0b", "\udcff", "\ud800", "nan", "-inf")
NO_NUMBERS = (DIGITS, "٣", "1_0", " 1", "+1", "1e5", "", *WORDS)
NUMBERS = ("-1", "1000000", "9" * 39)
NO_FOLDERS = (DIGITS, LETTERS, "a\0b", "\ud800", "/dev/full", "/proc/none", "file", "file/none")

SLOTS = {
    "predict {}": (*NO_NUMBERS, *NUMBERS, "/dev/zero", "/proc/none", "."),
    "export --output={}": (LETTERS, "a\0b", "\ud800", "/dev/full", "/proc/none", "file/none", "."),
    "reproduce --into={}": (LETTERS, "a\0b", "\ud800", "/dev/full", "/proc/none", "file/none", "file"),
    "train --learning-rate={}": (DIGITS, "", *WORDS, *NUMBERS),
    **{
        f"{command}{{}}": (*NO_NUMBERS, *NUMBERS)
        for command in (
            *("predict 1 --run=", "predict 1 --epoch=", "evaluate ", "evaluate --epoch=", "export ", "export --epoch="),
            *("export --format=", "resume 1 --more=", "check-determinism --times="),
        )
    },
    **{
        f"{command} --{setting}={{}}": (*NO_NUMBERS, "-1", "9" * 39)
        for command in ("train", "check-determinism")
        for setting in ("epochs", "batch-size", "seed", "training-images")
    },
    **{
        f"train --{setting}={{}}": (DIGITS, *WORDS)
        for setting in ("recipe", "validation", "optimizer", "augmentation", "distillation")
    },
    **{f"{command} --{{}}": WORDS for command in main.commands},
    **{
        f"{command} {{}}": WORDS
        for command in ("data", "runs", "train", "worker", "doctor", "check-determinism", "reproduce")
    },
    "{}": (*NO_NUMBERS, "-1"),
    "resume {}": (DIGITS, "-1"),  # it reads the data first
}


def is_one_sentence(text: str) -> bool:
    return text.startswith("Error: ") and text.endswith("\n") and text[:-1].isprintable() and len(text) < 1_000


@pytest.mark.parametrize("slot", SLOTS)
def test_what_cannot_be_is_refused_in_a_sentence(command, trained, tmp_path, monkeypatch, slot):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    trained(epochs=1)
    for value in SLOTS[slot]:
        result = command(*(word.replace("{}", value) for word in slot.split(" ")))
        assert (result.exit_code, result.stdout) == (2, ""), repr(value[:80])
        assert is_one_sentence(result.stderr), (repr(value[:80]), result.stderr)
    assert [path.name for path in tmp_path.iterdir() if "runs.sqlite3" not in path.name] == ["file"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("train x", "Got unexpected extra argument (x). See `python -m fmnist train --help`."),
        ("train --epoch 3", "No such option '--epoch'. Did you mean '--epochs'? See `python -m fmnist train --help`."),
        ("train --epochs many", "Invalid value for '--epochs': 'many' is not a whole number. See `python -m fmnist "
                                "train --help`."),
        ("trian", "No such command 'trian'. Did you mean 'train'? See `python -m fmnist --help`."),
        ("predict", "Missing argument 'INDEX|FILE'. See `python -m fmnist predict --help`."),
        ("check-determinism --times 1", "Invalid value for '--times': 1 is not in the range 2<=x<=100. See "
                                        "`python -m fmnist check-determinism --help`."),
    ],
)  # fmt: skip
def test_a_mistyped_command_leads_to_its_help(command, words, sentence):
    assert command(*words.split()).stderr == f"Error: {sentence}\n"


def test_zeros_before_a_number_are_nothing(command, trained):
    trained(epochs=1)
    assert command("predict", "0" * 5_000 + "7").stdout.startswith("Test image 7, run 1 ")


@pytest.fixture
def shell(start):
    """Run commands by a shell, all at once: what each wrote on stdout and stderr, and its exit code."""

    def run(*lines: str) -> list[tuple[str, str, int]]:
        program = 'import os, sys; os.execv("/bin/sh", ["sh", "-c", f"exec {sys.executable} -m fmnist {sys.argv[1]}"])'
        processes = [start(line, program=("-c", program)) for line in lines]
        return [(*process.communicate(timeout=300), process.returncode) for process in processes]

    return run


def test_a_full_or_closed_standard_output_is_refused_in_a_sentence(shell, trained):
    trained(epochs=1)
    full = [f"{line} >/dev/full" for line in ("runs", "--help", "train --help", "export --output -")]
    for stdout, stderr, code in shell(*full):
        assert (stdout, code) == ("", 2)
        assert is_one_sentence(stderr)
        assert "Standard output" in stderr
        assert "No space left on device" in stderr
    for stdout, stderr, code in shell("runs >&-", "train --help >&-"):
        assert (stdout, code) == ("", 2)
        assert stderr == "Error: Standard output is closed; send it to a terminal, a file or /dev/null.\n"


def test_a_full_or_closed_standard_error_changes_no_exit_code(shell, trained):
    trained(epochs=1)
    good, *bad = shell("runs 2>&-", "none 2>&-", "none 2>/dev/full", "none <&- >&- 2>&-")
    assert "validation" in good[0]
    assert good[2] == 0
    assert bad == [("", "", 2)] * 3


@pytest.mark.parametrize("line", ["--help", "export --output -"])
def test_a_pipe_that_nobody_reads_ends_a_command_as_the_system_does(start, trained, line):
    trained(epochs=1)
    process = start(*line.split())
    process.stdout.close()
    assert process.wait(300) == -signal.SIGPIPE
    assert process.stderr.read() == ""


def test_text_that_the_terminal_has_no_letters_for_is_written(start, trained):
    trained(epochs=1)
    stdout, stderr = start("runs", PYTHONIOENCODING="ascii").communicate(timeout=300)
    assert (stderr, stdout.count("\n")) == ("", 2)


def test_reproduce_looks_at_its_folder_before_it_trains(command, store, tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file" / "none", "/proc/none"):
        result = command("reproduce", "--into", folder)
        assert (result.exit_code, result.stderr.startswith(f"Error: {folder} cannot be written: ")) == (2, True)
    assert store.runs() == []
