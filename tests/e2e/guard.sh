#!/usr/bin/env bash
# Tests the address guard with the real policy of the program, in a network namespace where every address belongs to
# this machine, so that each packet it sends is seen.
#
#   tests/e2e/guard.sh [BINARY]        target/debug/runway-preflight unless named
#
# In a new network namespace, all addresses are local, a script is the name server, and all packets on the loopback
# device are recorded. Prints a line for each case, `ok N05 …` or `FAILED N05 …`, then `N passed, N failed`.
#
# Exit code: 0 all passed, 1 one failed, 2 the test itself is broken, 77 it cannot run on this machine.

set -u
cd "$(dirname "$0")/../.." || exit 2
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "guard: $binary is missing; run cargo build" >&2; exit 2; }

cannot_run() {
    echo "guard: CANNOT RUN HERE: $1" >&2
    exit 77
}

for tool in unshare ip mount openssl python3; do
    command -v "$tool" >/dev/null || cannot_run "$tool is missing"
done
for namespace in -mn -Urmn; do
    if unshare "$namespace" true 2>/dev/null; then
        exec unshare "$namespace" python3 -B tests/e2e/guard "$binary"
    fi
done
cannot_run "neither root nor an unprivileged user may create a network namespace"
