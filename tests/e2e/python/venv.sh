# shellcheck shell=bash disable=SC2034
# Creates a virtual environment, $venv, and a work folder, $work. Source it from the root of the repository.

command -v python3 >/dev/null || { echo "not tested: python3 is missing"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${PYTHON_VENV:-$work/venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv" || { echo "not tested: python3 has no venv"; exit 77; }

# Installs packages of PyPI.
install() { "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"; }
