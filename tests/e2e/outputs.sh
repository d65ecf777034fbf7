#!/usr/bin/env bash
# Tests that other programs can parse the output.
#
#   tests/e2e/outputs.sh target/release/runway-preflight
#
# Needs python3; uses xmllint if it is installed.
set -euo pipefail

program=$(realpath "${1:?the program}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

printf '%s\n' 'http://h.com/::error::x?sig=canary' 'x##[add-mask]a<b>&amp;]]>.png' $'https://h.com/\x1b[2J\xff' \
    $'missing\xe2\x80\xae`|`.png' 'runway://0123456789' >list.txt

# The exit code is that of the verdict in every format.
for format in text concise reasons json jsonl github gitlab junit sarif markdown html; do
    code=0
    GITHUB_STEP_SUMMARY="$folder/summary.md" "$program" check --offline --format "$format" @list.txt >"out.$format" || code=$?
    if [ "$code" -ne 1 ]; then
        echo "$format: exit code $code, not 1"
        exit 1
    fi
done
if grep -r canary out.* summary.md; then
    echo "a secret was written"
    exit 1
fi

python3 - <<'PY'
import json
import xml.etree.ElementTree as tree
import xml.parsers.expat as expat

expat.ParserCreate().Parse(open("out.junit", "rb").read(), True)
suites = tree.parse("out.junit").getroot()
cases = list(suites.iter("testcase"))
failures = list(suites.iter("failure"))
assert len(cases) == 5 == int(suites.get("tests")), len(cases)
assert len(failures) == int(suites.get("failures")) >= 1, len(failures)
assert "]]>" in cases[1].get("name"), cases[1].get("name")
document = json.load(open("out.json"))
lines = [json.loads(line) for line in open("out.jsonl")]
assert [asset["asset"] for asset in document["assets"]] == [line["asset"] for line in lines]
results = json.load(open("out.sarif"))["runs"][0]["results"]
assert {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results} == {"list.txt"}
commands = open("out.github").read().splitlines()
assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in commands), commands
PY

if command -v xmllint >/dev/null; then
    xmllint --noout out.junit
fi
echo "the outputs can be parsed by other programs"
