"""The rules in force, read from the files of this folder's parent."""

import json
import pathlib
import re
import tomllib

from shapes import add

HERE = pathlib.Path(__file__).resolve().parent.parent
BASE = json.loads((HERE / "requests.json").read_text())
OVERLAYS = sorted((json.loads(file.read_text()) for file in HERE.glob("requests-*.json")), key=lambda it: it["date"])
SHARED = {name: shape for file in [BASE, *OVERLAYS] for name, shape in file["shared"].items()}
ASSETS = tomllib.loads((HERE / "runway.toml").read_text())


def sources():
    return [f"{file['source']}, {file['date']}" for file in [BASE, *OVERLAYS]]


def version_of(package):
    """Returns the version of a package that an overlay names as its source."""
    versions = (re.match(re.escape(package) + r" (\S+)", file["source"]) for file in OVERLAYS)
    return next((version[1] for version in versions if version), None)


def kind_of(shape):
    return (shape, None) if isinstance(shape, str) else next(iter(shape.items()))


def resolved(shape):
    kind, details = kind_of(shape)
    return resolved(SHARED[details]) if kind == "use" else (kind, details)


def overlaid():
    """Returns the members of each variant, by endpoint and model, with the overlays applied.

    Variants without a model of their own are under "", one map of members for each alternative.
    """
    variants = {}
    for endpoint, shape in BASE["endpoints"].items():
        kind, details = resolved(shape)
        models = variants.setdefault(endpoint, {})
        for option in [resolved(option)[1] for option in details["options"]] if kind == "choice" else [details]:
            models.setdefault(model_of(option), []).append(dict(option["fields"]))
    for change in (change for overlay in OVERLAYS for change in overlay["changes"]):
        for endpoint in change["at"]:
            models = variants.setdefault(endpoint, {})
            for model in change.get("models") or [next(iter(models), "")]:
                like = models.get(change.get("like"), [{}])[0]
                apply(change.get("fields", {}), model, models.setdefault(model, [dict(like)])[0])
    return variants


def apply(changes, model, fields):
    for name, shape in changes.items():
        plain = name.removesuffix("?")
        for old in (plain, plain + "?"):
            fields.pop(old, None)
        fields[name] = shape
    if model:
        fields["model"] = {"one_of": [model]}


def model_of(details):
    kind, values = resolved(details["fields"].get("model", "any"))
    return values[0] if kind == "one_of" and len(values) == 1 else ""


def bodies():
    flat = {}
    for endpoint, models in overlaid().items():
        for model, alternatives in models.items():
            members = flat.setdefault(endpoint, {}).setdefault(model, {})
            for fields in alternatives:
                of_object({"fields": fields}, "", members)
    return flat


def of_object(details, path, members):
    for name, shape in details["fields"].items():
        flatten(shape, f"{path}.{name.removesuffix('?')}".lstrip("."), not name.endswith("?"), members)


def flatten(shape, path, required, members):
    kind, details = resolved(shape)
    put = lambda *kinds: add(members, path, kinds, required)
    if kind in ("union", "nullable"):
        for option in details if kind == "union" else [details, "null"]:
            flatten(option, path, required, members)
    elif kind == "one_of":
        put(*(json.dumps(value) for value in details))
    elif kind == "array":
        put("list")
        flatten(details["of"], path + "[]", True, members)
    elif kind == "record":
        put("object")
        flatten(details["values"], path + ".*", True, members)
    elif kind == "choice":
        put("object")
        for option in details["options"]:
            of_object(resolved(option)[1], path, members)
    elif kind == "object":
        put("object")
        of_object(details, path, members)
    else:
        put({"text": "string", "asset": "string", "bool": "boolean"}.get(kind, kind))


def unknown_names(bodies):
    """Lists the endpoints and models with assets that runway.toml does not name."""
    rows = ASSETS["fields"]
    lines = []
    for endpoint, models in sorted(bodies.items()):
        rows_here = rows.get(endpoint.partition(":")[0], [])
        for model, members in models.items():
            has_asset = any(re.search(r"encoded (image|video|audio)", member.text) for member in members.values())
            named = {name for row in rows_here for name in row.get("models", [model])}
            if has_asset and model not in named:
                lines.append(f"{endpoint} {model}: its assets are not in runway.toml".replace("  ", " "))
    return lines
