#!/usr/bin/env bash
# Tests the HTML reports in a real headless browser: the filters work, no request leaves the page, nothing in it runs.
#
#   tests/e2e/html.sh [BINARY] [FOLDER]        target/debug/runway-preflight unless named
#
# With a folder, screenshots go there: light, dark, narrow and printed. Needs python3; installs Debian's chromium
# and chromium-driver where they are missing. Prints `ok …` or `FAILED …` for each case.
#
# Exit code: 0 all passed, 1 one failed, 2 the test itself is broken, 77 it could not be shown on this machine.

set -u
cd "$(dirname "$0")/../.." || exit 2
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "html: $binary is missing; run cargo build" >&2; exit 2; }

not_here() {
    echo "html: COULD NOT BE SHOWN HERE: $1" >&2
    exit 77
}

command -v python3 >/dev/null || not_here "python3 is missing"
if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
    [ "$(id -u)" = 0 ] || not_here "chromium is missing, and only root can install it"
    command -v apt-get >/dev/null || not_here "chromium is missing, and so is apt-get"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1
    apt-get install -qq -y --no-install-recommends chromium chromium-driver >/dev/null 2>&1 ||
        not_here "chromium cannot be installed"
fi
exec python3 -B tests/e2e/html "$binary" ${2:+"$2"}
