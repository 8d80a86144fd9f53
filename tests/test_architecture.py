"""The shape of the whole, held by reading the sources: arrows only go down, and the page never meets TensorFlow."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SOURCES = sorted(
    [*PROJECT.glob("fmnist/**/*.py"), *PROJECT.glob("ui/**/*.py"), PROJECT / "main.py", PROJECT / "streamlit_app.py"]
)

# From the ground up; rooms on one floor do not know each other.
FLOORS = (
    {"errors"},
    {"settings", "recipe", "architecture", "types"},
    {"system"},
    {"data", "analysis", "inference", "plots", "pretrained"},
    {"runs", "training"},
    {"worker", "doctor"},
    {"cli"},
    {"__main__", "ui.images", "ui.server", "ui.state"},
    {"ui.api"},
    {"ui.i18n"},
    {"ui.charts", "ui.components"},
    {"ui.widgets"},
    {"ui.views"},
    {"ui.pages"},
    {"main", "streamlit_app"},
)
PAGE = ("main", "streamlit_app")
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def imports(path: Path) -> set[str]:
    """The modules a source imports anywhere in it, inside functions and under conditions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and node.level == 0, f"{path}: relative imports hide where an arrow goes"
            # `from fmnist import machine` may name a module.
            found.update({node.module} | {f"{node.module}.{alias.name}" for alias in node.names})
    return found


def room(module: str) -> str | None:
    """The room of 'fmnist.runs.store' is 'runs', that of 'ui.i18n.text' is 'ui'; None for others' packages."""
    package, *rest = module.split(".")
    if package == "fmnist":
        return rest[0] if rest and (rest[0] in FLOOR_OF or (PROJECT / "fmnist" / rest[0]).is_dir()) else None
    if package == "ui":
        return f"ui.{rest[0]}" if rest and rest[0] != "__init__" else None
    return package if package in PAGE else None


def room_of(path: Path) -> str | None:
    return room(".".join(path.relative_to(PROJECT).with_suffix("").parts))


def of_the_page(path: Path) -> bool:
    return path.relative_to(PROJECT).parts[0] in ("ui", "main.py", "streamlit_app.py")


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def importers_of(*packages: str) -> set[str]:
    return {name(path) for path in SOURCES if any(module.split(".")[0] in packages for module in imports(path))}


def test_contributing_shows_these_floors():
    floors = " · ".join(", ".join(f"`{room}`" for room in sorted(rooms)) for rooms in reversed(FLOORS))

    assert floors in (PROJECT / "CONTRIBUTING.md").read_text().splitlines(), f"the line is: {floors}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_arrows_only_go_down(path):
    here = room_of(path)
    if here is None:  # fmnist/__init__.py, which every module imports with its package
        assert not any(map(room, imports(path)))
        return
    assert here in FLOOR_OF, f"say in FLOORS on which floor {here} is"
    for there in set(map(room, imports(path))) - {None, here}:
        assert FLOOR_OF[there] < FLOOR_OF[here], f"{here} must not know {there}"


def test_no_modules_import_each_other_in_a_circle():
    modules = {name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in SOURCES}
    imported = {module: imports(path) & modules.keys() - {module} for module, path in modules.items()}
    while free := {module for module, known in imported.items() if not known}:
        imported = {module: known - free for module, known in imported.items() if module not in free}

    assert not imported, "these import each other, or such modules"


@pytest.mark.parametrize("path", sorted(PROJECT.glob("ui/views/**/*.py")), ids=name)
def test_a_view_imports_no_view_of_another_page(path):
    others = {module for module in imports(path) if module.startswith("ui.views.")}

    assert {module.split(".")[2] for module in others} <= {path.parent.name}


@pytest.mark.parametrize(("folder", "most"), [("ui", 2), ("fmnist", 8)])
def test_modules_lie_in_rooms(folder, most):
    assert len(list((PROJECT / folder).glob("*.py"))) <= most


ROOMS = sorted({path.parent for path in SOURCES} - {PROJECT})


@pytest.mark.parametrize("folder", ROOMS, ids=name)
def test_every_room_says_in_one_line_what_lives_there(folder):
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))

    assert docstring, f"{folder}/__init__.py has no docstring"
    assert len(docstring.splitlines()[0]) <= 120


def test_only_training_knows_tensorflow():
    importers = importers_of("tensorflow", "keras")

    assert importers
    assert all(importer.startswith("fmnist/training/") for importer in importers)


def test_only_the_map_knows_opentsne():
    assert importers_of("openTSNE", "sklearn", "scipy") == {"fmnist/worker/tsne.py"}
    importers = {name(path) for path in SOURCES if "fmnist.worker.tsne" in imports(path)}
    assert importers == {"fmnist/worker/tasks.py"}


def test_only_the_page_knows_streamlit():
    importers = importers_of("streamlit")

    assert "streamlit_app.py" in importers
    assert not any(importer.startswith("fmnist/") for importer in importers)


def test_neither_benchmarks_nor_testing_import_tests():
    sources = [*PROJECT.glob("benchmarks/**/*.py"), *PROJECT.glob("testing/**/*.py")]
    importers = {name(path) for path in sources if any(module.split(".")[0] == "tests" for module in imports(path))}

    assert sources
    assert not importers, "what they share with tests belongs in testing/"


def test_only_the_worker_and_the_command_line_know_training():
    importers = {
        path for path in SOURCES if room_of(path) != "training" and "training" in set(map(room, imports(path)))
    }

    assert PROJECT / "fmnist/worker/tasks.py" in importers
    assert {room_of(path) for path in importers} <= {"worker", "cli", "__main__"}


def test_the_page_knows_neither_worker_nor_command_line():
    known = {room(module) for path in SOURCES if of_the_page(path) for module in imports(path)}

    assert known.isdisjoint({"worker", "cli", "__main__", "training"})


def test_what_the_page_imports_leaves_what_is_large_out():
    page = [path for path in SOURCES if of_the_page(path)]
    modules = {module for path in page for module in imports(path) if module.startswith("fmnist.")}
    files = {module for module in modules if (PROJECT / (module.replace(".", "/") + ".py")).exists()}
    assert "fmnist.runs.store" in files
    script = "import importlib, sys; [importlib.import_module(m) for m in sys.argv[1:]]; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, *sorted(files)], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    loaded = {module.split(".")[0] for module in done.stdout.split()}
    assert "fmnist" in loaded
    assert loaded.isdisjoint({"tensorflow", "keras", "jax", "torch", "matplotlib", "openTSNE", "sklearn", "scipy"})


def test_a_new_servers_first_page_does_without_pandas(tmp_path):
    """Streamlit imports it for the first list or table that it is shown, which takes a third of a second."""
    script = (
        "import sys; from streamlit.testing.v1 import AppTest; from ui.server.dataset import dataset_loader;"
        "assert dataset_loader().wait(300);"  # else a busy machine draws a progress bar first
        "tab = AppTest.from_file('main.py').run(timeout=300);"
        "print(tab.title[0].value); print(*sys.modules)"
    )
    environment = os.environ | {"FMNIST_DATABASE_URL": f"sqlite:///{tmp_path / 'runs.sqlite3'}"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, env=environment, capture_output=True, text=True, check=True
    )

    title, modules = done.stdout.splitlines()
    assert title == "What is it?"
    assert "pandas" not in modules.split()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_module_stays_small(path):
    most = 80 if path.is_relative_to(PROJECT / "ui/pages") else 299

    assert len(path.read_text().splitlines()) <= most
