"""The modules that come with the import of TensorFlow."""

import subprocess
import sys
from pathlib import Path

import pytest

from fmnist import training


@pytest.mark.thorough
def test_what_keras_can_do_without_stays_out_of_a_training():
    """It is 160 MB, and a sixth of the time of the import. Who needs it can still import it."""
    modules = sorted(path.stem for path in Path(training.__file__).parent.glob("[a-z]*.py"))
    assert "loop" in modules
    script = (
        f"import sys; from fmnist.training import {', '.join(modules)}; print(*sys.modules); "
        "import matplotlib, openTSNE, pandas, scipy.stats, sklearn.decomposition"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert {"tensorflow", "keras"} <= loaded
    assert loaded.isdisjoint({"matplotlib", "pandas", "scipy", "sklearn", "pyarrow"})
