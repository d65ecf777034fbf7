#!/usr/bin/env python3
"""Prints what a newer SDK or OpenAPI document contains that the rules do not.

    src/rules/update.py                            the newest SDKs on PyPI and npm
    src/rules/update.py runwayml==5.24.0           one version of the Python SDK
    src/rules/update.py @runwayml/sdk@4.20.1       one version of the Node SDK
    src/rules/update.py FOLDER                     an unpacked SDK
    src/rules/update.py openapi.json               what `runway-preflight rules diff` prints

Endpoints, models, members, choices and required marks are compared with requests.json and its overlays, and the names
of models and endpoints with runway.toml. The SDKs state bounds in prose: each text that is new since the version
named in the overlay is printed for a person to read. Exit codes: 0 nothing new, 1 something new, 2 bad usage.

Sources for the next reading: https://docs.dev.runwayml.com/openapi.json, /llms-full.txt, /ai-context.md, /api.md, each
page with .md at its end, https://github.com/runwayml/openapi, and the release pages of both SDKs.
"""

import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "update"))
sys.dont_write_bytecode = True

import node_sdk
import python_sdk
import rules
from shapes import differences, gone, texts

READERS = {"runwayml": python_sdk, "@runwayml/sdk": node_sdk}


def package_of(argument):
    """Splits `runwayml==5.24.0` and `@runwayml/sdk@4.20.1` into name and version; None if it is neither."""
    name, _, version = argument.rpartition("==" if "==" in argument else "@")
    return (name, version) if name in READERS else None


def compare(name, version, folder, known):
    """Prints the differences between the SDK in `folder` and the rules; returns their number.

    The texts are compared with those of the version `known`, if there is one.
    """
    reader = READERS[name]
    bodies = reader.read(folder)
    found = differences(bodies, rules.bodies()) + rules.unknown_names(bodies)
    print(f"{name} {version} against {', '.join(rules.sources())}")
    print("\n".join(f"  {line}" for line in found) or "  nothing new")
    print("In the rules and not in it:")
    print("\n".join(f"  {line}" for line in gone(bodies, rules.bodies())) or "  nothing")
    if known and known != version:
        with tempfile.TemporaryDirectory() as before:
            reader.download(known, before)
            changed = texts(bodies, reader.read(before))
        print(f"Texts that {known} does not have:")
        print("\n".join(f"  {line}" for line in changed) or "  none")
        found += changed
    return len(found)


def main(arguments):
    if len(arguments) == 1 and arguments[0].endswith(".json"):
        return subprocess.run(["cargo", "run", "--quiet", "--", "rules", "diff", arguments[0]], check=False).returncode
    if len(arguments) == 1 and pathlib.Path(arguments[0]).is_dir():
        folder = pathlib.Path(arguments[0])
        name = "@runwayml/sdk" if list(folder.rglob("package.json")) else "runwayml"
        return int(compare(name, "in " + arguments[0], folder, None) > 0)
    packages = [package_of(argument) for argument in arguments] or [(name, "") for name in READERS]
    if None in packages:
        print(__doc__, file=sys.stderr)
        return 2
    count = 0
    for name, version in packages:
        with tempfile.TemporaryDirectory() as folder:
            version = READERS[name].download(version, folder)
            count += compare(name, version, folder, rules.version_of(name))
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
