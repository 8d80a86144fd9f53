"""The Train page in the words of its tests."""

ABOUT = "Run details"


def labels(tab):
    return [button.label for button in tab.button]


def the_run(desk):
    """The only one that somebody asked for."""
    (run,) = [run for run in desk.store.runs() if run.origin != "project"]
    return run


def status(tab):
    """The line that begins with an icon."""
    (line,) = [line.value for line in tab.markdown if line.value.startswith(":material/")]
    return line.split(": ", 1)[1]
