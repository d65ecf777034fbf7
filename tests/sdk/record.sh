#!/usr/bin/env bash
# What Runway's official SDKs send for each row of calls.json, recorded on loopback into
# fixtures/bodies/sdk/{node,python}.json. The bodies are kept, so the tests need neither SDK.
#
#   tests/sdk/record.sh [--check]      --check compares with what is kept and exits 1 where it differs
#
# Without node, npm or python3 it says so and exits 0.

set -eu
cd "$(dirname "$0")/../.."
node_sdk=4.20.1
python_sdk=5.24.0

for tool in node npm python3; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/sdk/record.mjs tests/sdk/record.py tests/sdk/calls.json "$work"
(cd "$work" && npm install --silent --no-audit --no-fund --ignore-scripts "@runwayml/sdk@$node_sdk" >/dev/null 2>&1)
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "runwayml==$python_sdk"

(cd "$work" && node record.mjs) >"$work/node.json"
"$work/venv/bin/python" "$work/record.py" "$work/calls.json" >"$work/python.json"

for name in node python; do
    kept=fixtures/bodies/sdk/$name.json
    if [ "${1:-}" = --check ]; then
        diff -u "$kept" "$work/$name.json" || { echo "$kept is not what the SDK sends" >&2; exit 1; }
    else
        mkdir -p "$(dirname "$kept")" && cp "$work/$name.json" "$kept"
    fi
    echo "$name: $(grep -c '"endpoint"' "$work/$name.json") bodies"
done
