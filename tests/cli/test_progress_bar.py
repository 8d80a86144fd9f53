import io
from contextlib import redirect_stderr

from fmnist.cli.progress_bar import ERASE, ProgressBar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_shows_how_far_it_is_and_leaves_no_trace():
    with redirect_stderr(Terminal()) as terminal:
        with ProgressBar() as bar:
            bar.show("Epoch 1/2", 1, 4, "loss: 0.5")
            bar.show("Epoch 1/2", 2, 4, "loss: 0.4")
            assert "Epoch 1/2  [" in terminal.getvalue()
            assert terminal.getvalue().rstrip().endswith("50%  loss: 0.4")
        assert terminal.getvalue().endswith(ERASE)


def test_a_new_label_is_a_new_bar():
    with redirect_stderr(Terminal()) as terminal, ProgressBar() as bar:
        bar.show("Epoch 1/2", 4, 4, "")
        bar.show("Epoch 2/2", 1, 4, "")
        first, second = terminal.getvalue().split(ERASE)
    assert "100%" in first
    assert "25%" in second


def test_writes_nothing_where_nobody_looks():
    with redirect_stderr(io.StringIO()) as written, ProgressBar() as bar:
        bar.show("Epoch 1/2", 1, 4, "")
    assert written.getvalue() == ""
