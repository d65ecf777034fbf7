#!/usr/bin/env bash
# Runs the recipes of docs/scale.md with the real engines in local mode, and counts the connections that hosts see.
#
#   tests/e2e/python-scale.sh [BINARY]        target/debug/runway-preflight unless named
#   tests/e2e/python-scale.sh --install       only installs the engines
#
# Installs the engines from PyPI into target/e2e, or into the folder that PYTHON_VENV names, and Java and GNU parallel
# from Debian if they are missing. The installation stops after three minutes, and no engine starts two minutes after
# it; the next run continues where this one stopped. Prints what passed; exits 1 if a recipe fails, and 77 if one could
# not run, after the reason.
set -eu
cd "$(dirname "$0")/../.."
binary=${1:-target/debug/runway-preflight}
if [ "$binary" != --install ]; then
    binary=$(realpath "$binary")
    [ -x "$binary" ] || { echo "scale: $binary is missing; run cargo build" >&2; exit 2; }
fi
command -v openssl >/dev/null || { echo "not tested: openssl is missing"; exit 77; }
export PYTHON_VENV=${PYTHON_VENV:-$PWD/target/e2e/scale} PIP_CACHE_DIR=${PIP_CACHE_DIR:-$PWD/target/e2e/pip}
source tests/e2e/python/venv.sh

# Runs a command within what is left of the time for the installation.
SECONDS=0
within_time() {
    local left=$((180 - SECONDS))
    [ "$left" -gt 0 ] && timeout "$left" "$@"
}

missing=()
# Notes that a recipe cannot run: what is missing, and why.
lacks() { missing+=("$1=$2"); }

# Installs a package; a mark saves the seconds that pip needs to see that it is there.
pip_install() {
    local mark=$venv/installed-$1
    [ -e "$mark" ] && return
    within_time "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 20 "$1" \
        2>"$work/pip.log" && touch "$mark"
}

# Installs the first of some Debian packages that exists.
debian_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    local options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=30) package
    export DEBIAN_FRONTEND=noninteractive
    within_time apt-get "${options[@]}" update >/dev/null 2>&1 || return 1
    for package in "$@"; do
        within_time apt-get "${options[@]}" install -y --no-install-recommends "$package" >/dev/null 2>&1 && return
    done
    return 1
}

# Spark 4 needs Java 17 or newer.
has_java() {
    local version
    version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    [ "${version:-0}" -ge 17 ]
}

for package in pyarrow pandas pyyaml; do
    pip_install "$package" || { echo "not tested: pip cannot install $package"; tail -1 "$work/pip.log"; exit 77; }
done
command -v parallel >/dev/null || debian_install parallel || lacks parallel "cannot be installed"
pip_install 'dask[dataframe]' || lacks 'dask[dataframe]' "cannot be installed"

# The engines with processes of their own need memory.
memory=$(awk '$1 == "MemAvailable:" {print int($2 / 1024)}' /proc/meminfo 2>/dev/null || true)
if [ "${memory:-0}" -lt 3000 ]; then
    lacks pyspark "needs 3 GB of memory, ${memory:-unknown} MB are free"
    lacks 'ray[data]' "needs 3 GB of memory, ${memory:-unknown} MB are free"
else
    pip_install 'ray[data]' || lacks 'ray[data]' "cannot be installed"
    has_java || debian_install openjdk-{17,21,25}-jre-headless || true
    has_java || lacks java "17 or newer cannot be installed"
    has_java && { pip_install pyspark || lacks pyspark "cannot be installed"; }
fi

[ "$binary" != --install ] || exit 0
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" tests/e2e/python/scale.py "$binary" "$work" 120 "${missing[@]}"
