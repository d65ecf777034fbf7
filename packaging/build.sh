#!/usr/bin/env bash
# Builds the packages of a release for one platform: a wheel, an npm package and an archive, all with the same binary.
#
#   packaging/build.sh OUT [TARGET]     TARGET is a Rust target [default: this machine's]
#
# A TARGET such as x86_64-unknown-linux-gnu.2.17 names the oldest glibc to run on: zig links then, and the wheel is tagged
# manylinux2014. PROFILE=dev packs the debug binary, which is faster. Needs Rust, maturin and wheel (from PyPI; ziglang as
# well for such a target), and npm.
set -euo pipefail

mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
target=${2:-$(rustc -vV | sed -n 's/^host: //p')}
flags=(--compatibility linux)
case $target in
*-gnu.2.17)
    target=${target%.2.17}
    flags=(--zig --compatibility manylinux2014)
    ;;
esac
version=$(cargo pkgid --offline) version=${version##*[#@]}
work=$(mktemp -d)
trap 'rm -rf "$work" packaging/python/LICENSE-*' EXIT
# maturin finds the licenses of a wheel only next to pyproject.toml.
cp LICENSE-MIT LICENSE-APACHE packaging/python

# The wheel comes first: maturin builds the binary, and the other packages take it from the wheel.
# Without an explicit target, Cargo reuses what it has built already.
(cd packaging/python && maturin build --quiet --locked --profile "${PROFILE:-dist}" ${2:+--target "$target"} \
    "${flags[@]}" --out "$work")
wheel=$(echo "$work"/*.whl)
case $target in
*-linux-musl)
    # The binary is static and runs on every Linux; the tag tells pip so.
    cpu=${target%%-*}
    python3 -m wheel tags --remove --platform-tag "manylinux_2_17_$cpu.musllinux_1_1_$cpu" "$wheel" >"$work/tagged"
    wheel=$work/$(cat "$work/tagged")
    ;;
esac
python3 -m zipfile -e "$wheel" "$work/wheel"
binary=$(echo "$work"/wheel/*.data/scripts/runway-preflight*)
chmod 755 "$binary"
mv "$wheel" "$out"

node packaging/npm/pack.mjs "$version" "$out" "$target" "$binary"

cp LICENSE-MIT LICENSE-APACHE "$(dirname "$binary")"
tar -czf "$out/runway-preflight-$target.tar.gz" -C "$(dirname "$binary")" LICENSE-MIT LICENSE-APACHE "$(basename "$binary")"
