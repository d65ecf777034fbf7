#!/usr/bin/env bash
# Tests of the address guard: the program with its own policy, in a network of its own where every address there is
# belongs to this machine, so that each packet it sends is seen.
#
#   tests/e2e/guard.sh [BINARY]        target/debug/runway-preflight unless named
#
# In a new network namespace all addresses are local, the name servers are a script, and whatever crosses the loopback
# device is recorded. Prints a line for each case, `ok N05 …` or `FAILED N05 …`, then `N passed, N failed`.
#
# Exit code: 0 all passed, 1 one failed, 2 the test itself is broken, 77 it could not be shown on this machine.

set -u
cd "$(dirname "$0")/../.." || exit 2
binary=$(realpath "${1:-target/debug/runway-preflight}")
[ -x "$binary" ] || { echo "guard: $binary is missing; run cargo build" >&2; exit 2; }

not_here() {
    echo "guard: COULD NOT BE SHOWN HERE: $1" >&2
    exit 77
}

for tool in unshare ip mount openssl python3; do
    command -v "$tool" >/dev/null || not_here "$tool is missing"
done
for namespace in -mn -Urmn; do
    if unshare "$namespace" true 2>/dev/null; then
        exec unshare "$namespace" python3 -B tests/e2e/guard "$binary"
    fi
done
not_here "neither root nor an unprivileged user may make a network namespace"
