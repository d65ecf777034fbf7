#!/usr/bin/env bash
# Runs a binary that is linked for an old glibc in the oldest Debian that its mirrors still have.
#
#   packaging/build.sh dist x86_64-unknown-linux-gnu.2.17
#   tests/e2e/old-userland.sh dist/runway-preflight-x86_64-unknown-linux-gnu.tar.gz
#
# Needs Linux, root and debootstrap. Prints each failure, then `N passed, N failed`; exits 1 if one failed, 77 where the
# old userland cannot be had.
set -u
archive=$(realpath "$1")
cd "$(dirname "$0")/../.." || exit 2
suite=${SUITE:-bullseye}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v debootstrap >/dev/null || { echo "skipped: debootstrap is missing"; exit 77; }
debootstrap --variant=minbase --include=ca-certificates "$suite" "$work/root" >"$work/log" 2>&1 ||
    { echo "skipped: $suite cannot be installed: $(tail -n 1 "$work/log")"; exit 77; }
tar -xzf "$archive" -C "$work/root/usr/local/bin" runway-preflight
cp -r fixtures "$work/root/fixtures"

passed=0 failed=0
# Compares: pattern of the exit code, extended regular expression that the output must match, the arguments of the program.
expect() {
    local code=$1 text=$2 status output
    shift 2
    output=$(chroot "$work/root" runway-preflight "$@" 2>&1)
    status=$?
    # shellcheck disable=SC2053 # a pattern
    if [[ $status == $code ]] && grep -qE -- "$text" <<<"$output"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    printf 'FAILED %s\n  expected %s: %s\n  got      %s:\n%s\n' "$*" "$code" "$text" "$status" "$output"
}
expect 0 '^runway-preflight [0-9]' --version
expect 1 'Only HTTPS URLs are allowed\.' check @/fixtures/lists/demo.txt
expect 0 'accepted: ' check /fixtures/images/photo.jpg
expect 0 '"outcome":"fixed"' fix --model gen4_turbo --crop --format json -o /tmp/fixed.jpg /fixtures/images/1170x2532.jpg
# The name is looked up by the old C library; nothing answers here, which is this machine's failure or the host's.
expect '[13]' '' check --timeout 2s https://cdn.example.com/a.png
printf '%s, glibc %s: %s passed, %s failed\n' "$suite" "$(chroot "$work/root" ldd --version | sed -n '1s/.* //p')" "$passed" "$failed"
[ "$failed" = 0 ]
