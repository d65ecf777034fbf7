#!/usr/bin/env bash
# End-to-end tests of `serve`: the official SDKs from their registries, the examples of docs/serve.md, ffmpeg.
#
#   tests/e2e/serve.sh target/release/runway-preflight [--litellm]
#
# Needs python3, node and npm; uses ffmpeg if it is installed. LiteLLM is large, so it is tested only with --litellm.
set -euo pipefail

program=$(realpath "${1:?the program}")
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RUNWAY_PREFLIGHT_BINARY=$program PYTHONPATH=$root/packaging/python/src
export SERVE_HELPER=$root/packaging/npm/runway-preflight/serve.js

# Prints the first block of docs/serve.md in this language.
example() { awk -v fence="\`\`\`$1" '$0 == fence {on = 1; next} on && /^```$/ {exit} on' docs/serve.md; }

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check runwayml==5.24.0 pytest
"$work/venv/bin/python" tests/e2e/serve/sdk.py tests/sdk/calls.json

mkdir "$work/node"
cp tests/e2e/serve/sdk.mjs "$work/node"
(cd "$work/node" && npm init --yes >/dev/null && npm install --silent --no-audit --no-fund @runwayml/sdk@4.20.1 vitest@3 happy-dom@20 jsdom@26)
(cd "$work/node" && node sdk.mjs "$root/tests/sdk/calls.json")

# The examples of the manual, with a generated picture.
cp -r packaging/npm/runway-preflight "$work/node/node_modules/runway-preflight"
python3 - "$work/node/photo.png" <<'PY'
import struct, sys, zlib

chunk = lambda name, data: struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
rows = b"".join(b"\0" + b"\x20\x80\xd0" * 640 for _ in range(360))
header = struct.pack(">IIBBBBB", 640, 360, 8, 2, 0, 0, 0)
parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
open(sys.argv[1], "wb").write(b"".join(parts))
PY
example ts >"$work/node/photo.test.ts"
(cd "$work/node" && npx vitest run photo)
cp tests/e2e/serve/dom.test.ts "$work/node"
for environment in happy-dom jsdom; do
    (cd "$work/node" && npx vitest run dom --environment "$environment")
done
example python >"$work/node/test_photo.py"
# Nothing listens at this proxy, and the fixture must not need it.
proxy=http://127.0.0.1:9
(cd "$work/node" && HTTP_PROXY=$proxy http_proxy=$proxy "$work/venv/bin/python" -m pytest -q -p runway_preflight.pytest_plugin -p no:cacheprovider test_photo.py)

# The step of the GitHub Actions example, as GitHub runs it: on a port that is free, then on the same one, which is taken.
awk '/^      - run: \|/ {on = 1; next} on && /^      - / {exit} on {sub(/^ {10}/, ""); print}' docs/serve.md |
    sed 's/ serve / serve --port 4917 /' >"$work/step.sh"
grep -q -- '--port 4917.*RUNNER_TEMP' "$work/step.sh"
# shellcheck disable=SC2016 # the variable is one of the step
echo 'echo "$server" >"$RUNNER_TEMP/pid"' >>"$work/step.sh"
mkdir "$work/bin" "$work/first" "$work/second"
ln -s "$program" "$work/bin/runway-preflight"
actions() {
    env PATH="$work/bin:$PATH" RUNNER_TEMP="$1" GITHUB_ENV="$1/github.env" \
        timeout 60 bash --noprofile --norc -e -o pipefail "$work/step.sh"
}
actions "$work/first"
code=0
actions "$work/second" || code=$?
kill "$(cat "$work/first/pid")"
grep -q '^RUNWAYML_BASE_URL=http://127.0.0.1:4917$' "$work/first/github.env"
[ "$code" = 1 ] || { echo "the step ended with $code although the port was taken" >&2; exit 1; }

if command -v ffmpeg >/dev/null; then
    "$work/venv/bin/python" tests/e2e/serve/decode.py
fi
if [ "${2:-}" = --litellm ]; then
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.110.2
    "$work/venv/bin/python" tests/e2e/serve/litellm_video.py
fi
echo "serve: all passed"
