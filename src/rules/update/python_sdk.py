"""The request bodies of the Python SDK, read from its type files."""

import ast
import json
import pathlib
import re
import subprocess
import sys
import zipfile

from shapes import add

CALL = re.compile(r'self\._(post|patch|put)\(\s*(?:path_template\()?"/v1/([^"]+)".*?(\w+_params)\.(\w+)', re.S)

PLAIN = {"str": "string", "date": "string", "datetime": "string", "int": "number", "float": "number", "bool": "boolean"}


def download(version, folder):
    """Unpacks a version of the package from PyPI, the newest for "", and returns the version."""
    wanted = f"runwayml=={version}" if version else "runwayml"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, wanted]
    subprocess.run(command, check=True)
    wheel = next(pathlib.Path(folder).glob("runwayml-*.whl"))
    zipfile.ZipFile(wheel).extractall(folder)
    return wheel.name.split("-")[1]


def read(folder):
    bodies = {}
    root = next(pathlib.Path(folder).rglob("runwayml/resources")).parent
    for resource in sorted((root / "resources").rglob("*.py")):
        for method, path, module, name in CALL.findall(resource.read_text()):
            endpoint = "/".join(part for part in path.split("/") if not part.startswith("{"))
            endpoint += "" if method == "post" else ":" + method
            if endpoint not in bodies:
                file = next((root / "types").rglob(module + ".py"))
                bodies[endpoint] = Types(file).variants(name)
    return bodies


class Types:
    """The classes and aliases of one module of types."""

    def __init__(self, file):
        self.names = {}
        tree = ast.parse(file.read_text())
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
                self.names.update(Types(file.parent / (node.module + ".py")).names)
            elif isinstance(node, ast.ClassDef):
                self.names[node.name] = node
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self.names[node.target.id] = node.value

    def variants(self, name):
        """Returns the members of each body, by model."""
        found = {}
        for node in self.classes(self.names[name]):
            members = {}
            self.members(node, "", members)
            kinds = members["model"].kinds if "model" in members else set()
            model = json.loads(next(iter(kinds))) if len(kinds) == 1 else ""
            # Bodies that do not differ by model are merged into one with the members of all.
            self.members(node, "", found.setdefault(model, {}))
        return found

    def classes(self, node):
        if isinstance(node, ast.ClassDef):
            return [node]
        options = node.slice.elts if isinstance(node, ast.Subscript) else [node]
        return [found for option in options for found in self.classes(self.names[option.id])]

    def members(self, node, path, members):
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in self.names:
                self.members(self.names[base.id], path, members)
        for statement, after in zip(node.body, [*node.body[1:], None]):
            if isinstance(statement, ast.AnnAssign):
                is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                text = " ".join(after.value.value.split()) if is_text else ""
                self.member(statement, path, text, members)

    def member(self, statement, path, text, members):
        annotation, required, name = statement.annotation, False, statement.target.id.removesuffix("_")
        while isinstance(annotation, ast.Subscript) and annotation.value.id in ("Required", "Annotated"):
            if annotation.value.id == "Required":
                required, annotation = True, annotation.slice
                continue
            annotation, info = annotation.slice.elts[0], annotation.slice.elts[1]
            name = next((it.value.value for it in info.keywords if it.arg == "alias"), name)
        self.flatten(annotation, f"{path}.{name}".lstrip("."), required, text, members)

    def flatten(self, node, path, required, text, members):
        put = lambda *kinds: add(members, path, kinds, required, text)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        if isinstance(node, ast.Constant):
            put("null")
        elif isinstance(node, ast.Name) and node.id in self.names:
            self.flatten_named(self.names[node.id], path, required, text, members)
        elif isinstance(node, ast.Name):
            put(PLAIN.get(node.id, "any"))
        elif node.value.id == "Literal":
            values = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            put(*(json.dumps(value.value) for value in values))
        elif node.value.id in ("Union", "Optional"):
            options = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            for option in [*options, *([ast.Constant(None)] if node.value.id == "Optional" else [])]:
                self.flatten(option, path, required, text, members)
        elif node.value.id == "Dict":
            put("object")
            self.flatten(node.slice.elts[1], path + ".*", True, "", members)
        else:
            put("list")
            self.flatten(node.slice, path + "[]", True, "", members)

    def flatten_named(self, node, path, required, text, members):
        if isinstance(node, ast.ClassDef):
            add(members, path, ["object"], required, text)
            self.members(node, path, members)
        else:
            self.flatten(node, path, required, text, members)
