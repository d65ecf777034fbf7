#!/usr/bin/env bash
# Tests the Python module and the examples of the skill: types with mypy, behavior with pytest.
#
#   tests/e2e/python.sh [BINARY]        target/debug/runway-preflight unless named
#
# Installs pytest, mypy, pyarrow and pandas from PyPI, into the folder that PYTHON_VENV names if it is set. Exits 1 if a
# test fails, and 77 without Python.
set -eu
cd "$(dirname "$0")/../.."
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "python: $binary is missing; run cargo build" >&2; exit 2; }
source tests/e2e/python/venv.sh
install pytest mypy pyarrow pandas pandas-stubs

cd packaging/python
MYPYPATH=src:tests "$venv/bin/mypy" --strict src/runway_preflight tests
export RUNWAY_PREFLIGHT_BINARY=$binary PYTHONDONTWRITEBYTECODE=1
"$venv/bin/pytest" --quiet -p no:cacheprovider
# Without the optional dependencies, everything but tables works.
python3 -m venv "$work/bare"
PYTHONPATH=src "$work/bare/bin/python" - <<'PYTHON'
import runway_preflight
[report] = runway_preflight.check("http://cdn.example.org/a.png", offline=True)
assert report.reason == "Only HTTPS URLs are allowed.", report
try:
    runway_preflight.Preflight().check_table([])
except ImportError as error:
    assert "pip install 'runway-preflight[arrow]'" in str(error), error
else:
    raise SystemExit("check_table did not fail without pyarrow")
PYTHON
