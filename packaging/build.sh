#!/usr/bin/env bash
# Builds what a release holds for one platform: a wheel, an npm package and an archive, all with the same binary.
#
#   packaging/build.sh OUT [TARGET]     TARGET is a Rust target, this machine's unless named
#
# PROFILE=dev takes the debug binary, to be quick. Needs Rust, maturin and wheel (from PyPI), and npm.
set -euo pipefail

mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
target=${2:-$(rustc -vV | sed -n 's/^host: //p')}
version=$(cargo pkgid --offline) version=${version##*[#@]}
work=$(mktemp -d)
trap 'rm -rf "$work" packaging/python/LICENSE-*' EXIT
# A wheel takes its licences from beside pyproject.toml only.
cp LICENSE-MIT LICENSE-APACHE packaging/python

# The wheel first: maturin builds the binary, and the others take it from there.
# Without a target named, Cargo uses what it has built already.
(cd packaging/python && maturin build --quiet --locked --profile "${PROFILE:-release}" ${2:+--target "$2"} \
    --compatibility linux --out "$work")
wheel=$(echo "$work"/*.whl)
case $target in
*-linux-musl)
    # Linked to no library, so that it runs on every Linux; pip must hear of it.
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
