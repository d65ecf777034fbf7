"""The request bodies of the Node SDK, read from its declarations."""

import json
import pathlib
import re
import subprocess
import tarfile

from shapes import add

TOKEN = re.compile(r"/\*\*.*?\*/|//[^\n]*|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|\S", re.S)
CALL = re.compile(r"^    (\w+)\([^)]*\) \{\n[^\n]*_client\.(post|patch|put)\([^'`\n]*['`]/v1/([^'`]+)", re.M)


def download(version, folder):
    """Unpacks a version of the package from npm, the newest for "", and returns the version."""
    wanted = f"@runwayml/sdk@{version}" if version else "@runwayml/sdk"
    subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(pathlib.Path(folder).glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return json.loads((pathlib.Path(folder) / "package" / "package.json").read_text())["version"]


def read(folder):
    bodies = {}
    resources = next(path for path in pathlib.Path(folder).rglob("resources") if list(path.glob("*.d.ts")))
    for script in sorted(resources.rglob("*.js")):
        declarations = script.with_suffix(".d.ts")
        text = declarations.read_text()
        types = None
        for call, method, path in CALL.findall(script.read_text()):
            name = re.search(rf"^    {call}\((?:\w+: string, )?\w+\??: (\w+Params)", text, re.M)
            if name is None:
                continue
            types = types or Types(text)
            endpoint = "/".join(part for part in path.split("/") if "$" not in part)
            bodies[endpoint + ("" if method == "post" else ":" + method)] = types.variants(name[1])
    return bodies


class Types:
    """The interfaces and aliases of one file of declarations, by qualified name."""

    def __init__(self, text):
        self.tokens = [token for token in TOKEN.findall(text) if not token.startswith("//")]
        self.at, self.names = 0, {}
        self.block([])

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else "}"

    def take(self, token):
        taken = self.peek() == token
        self.at += taken
        return taken

    def block(self, scope):
        """Reads declarations up to the end of a namespace; whatever is neither type nor namespace is skipped."""
        while self.peek() != "}":
            token = self.next()
            if token == "interface":
                name = self.next()
                parent = self.qualified(self.next()) if self.take("extends") else None
                self.names[".".join([*scope, name])] = ("object", self.object(), parent, scope)
            elif token == "type":
                name = self.next()
                if self.take("="):
                    self.names[".".join([*scope, name])] = ("alias", self.union(), None, scope)
            elif token == "namespace":
                name = self.next()
                self.next()
                self.block([*scope, name])
                self.next()
            elif token == "{":
                self.skip()

    def skip(self):
        depth = 1
        while depth and self.at < len(self.tokens):
            token = self.next()
            depth += (token == "{") - (token == "}")

    def qualified(self, name):
        while self.take("."):
            name += "." + self.next()
        return name

    def object(self):
        """Reads `{ name?: type; … }` as a list of name, optional, type and text."""
        members, text = [], ""
        self.next()
        while not self.take("}"):
            token = self.next()
            if token.startswith("/**"):
                text = " ".join(re.sub(r"^\s*\*", "", token[3:-2], flags=re.M).split())
            elif token == "[":
                self.next(), self.next(), self.union(), self.next(), self.next()
                members.append(("*", False, self.union(), ""))
            elif token not in ("readonly", ";", ","):
                optional = self.take("?")
                self.next()
                members.append((token.strip("'\""), optional, self.union(), text))
                text = ""
        return members

    def union(self):
        self.take("|")
        options = [self.single()]
        while self.take("|") or self.take("&"):
            options.append(self.single())
        return ("union", options)

    def single(self):
        token = self.peek()
        if token == "{":
            return ("inline", self.object())
        self.next()
        if token == "(":
            inner = self.union()
            self.next()
        elif token == "Array":
            self.next()
            inner = ("list", self.union())
            self.next()
        elif token[0] in "'\"" or token[0].isdigit():
            inner = ("literal", json.dumps(token[1:-1]) if token[0] in "'\"" else token)
        else:
            inner = ("name", self.qualified(token))
        while self.take("["):
            self.next()
            inner = ("list", inner)
        return inner

    def resolve(self, name, scope):
        for depth in range(len(scope), -1, -1):
            found = ".".join([*scope[:depth], name])
            if found in self.names:
                return self.names[found]
        return None

    def variants(self, name):
        """Returns the members of each body, by model."""
        found = {}
        for _, fields, parent, scope in self.objects(name, []):
            members = {}
            self.members(fields, parent, scope, "", members)
            kinds = members["model"].kinds if "model" in members else set()
            model = json.loads(next(iter(kinds))) if len(kinds) == 1 else ""
            self.members(fields, parent, scope, "", found.setdefault(model, {}))
        return found

    def objects(self, name, scope):
        declared = self.resolve(name, scope)
        if declared[0] == "object":
            return [declared]
        options = (option for option in declared[1][1] if option[0] == "name")
        return [found for option in options for found in self.objects(option[1], declared[3])]

    def members(self, fields, parent, scope, path, members):
        declared = self.resolve(parent, scope) if parent else None
        if declared:
            self.members(declared[1], declared[2], declared[3], path, members)
        for name, optional, shape, text in fields:
            self.flatten(shape, f"{path}.{name}".lstrip("."), scope, not optional, text, members)

    def flatten(self, shape, path, scope, required, text, members):
        kind, details = shape
        put = lambda *kinds: add(members, path, kinds, required, text)
        if kind == "union":
            for option in details:
                self.flatten(option, path, scope, required, text, members)
        elif kind == "list":
            put("list")
            self.flatten(details, path + "[]", scope, True, "", members)
        elif kind == "literal":
            put(details)
        elif kind == "inline":
            if details:
                put("object")
            self.members(details, None, scope, path, members)
        elif (declared := self.resolve(details, scope)) and declared[0] == "object":
            put("object")
            self.members(declared[1], declared[2], declared[3], path, members)
        elif declared:
            self.flatten(declared[1], path, declared[3], required, text, members)
        else:
            put(details if details in ("string", "number", "boolean", "null") else "any")
