#!/usr/bin/env bash
# Runs the recipes of docs/scale.md with the real engines in local mode, and counts the connections that hosts see.
#
#   tests/e2e/python-scale.sh [BINARY]        target/debug/runway-preflight unless named
#
# Installs the engines from PyPI, into the folder that PYTHON_VENV names if it is set, and Java and GNU parallel from
# Debian if they are missing. Prints what passed; exits 1 if a recipe fails, and 77 if one could not run.
set -eu
cd "$(dirname "$0")/../.."
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "scale: $binary is missing; run cargo build" >&2; exit 2; }
source tests/e2e/python/venv.sh
install pyarrow pandas pyyaml

# Installs a Debian package if a program is missing.
need() {
    command -v "$1" >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -qq -y --no-install-recommends "$2" >/dev/null
}
missing=()
need java openjdk-17-jre-headless || missing+=(java)
need parallel parallel || missing+=(parallel)
for engine in pyspark 'ray[data]' 'dask[dataframe]'; do
    install "$engine" || missing+=("$engine")
done

export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" tests/e2e/python/scale.py "$binary" "$work" "${missing[@]}"
