"""A common form of request bodies, for both SDKs and the rules.

A body is a map from paths to members: `promptImage`, `promptImage[].uri`, `nodeOutputs.*`. A member has the set of what
it may be (`string`, `number`, `boolean`, `null`, `list`, `object`, `any`, or a literal as JSON), whether it is required,
and its text.
"""


class Member:
    def __init__(self, kinds=(), required=True, text=""):
        self.kinds, self.required, self.text = set(kinds), required, text


def add(members, path, kinds, required=True, text=""):
    """Adds what a member may be; one that several alternatives share is required where all of them require it."""
    member = members.setdefault(path, Member(required=required, text=text))
    member.kinds |= set(kinds)
    member.required &= required
    member.text = member.text or text


def below_any(path, members):
    """Returns whether an ancestor of the path may be anything, so that nothing is known about its members."""
    parts = path.replace("[]", ".[]").split(".")
    above = (".".join(parts[:count]).replace(".[]", "[]") for count in range(1, len(parts)))
    return any("any" in members[parent].kinds for parent in above if parent in members)


def differences(theirs, ours):
    """Lists how the bodies of an SDK differ from the rules: endpoints, models, members, choices."""
    lines = []
    for endpoint, models in sorted(theirs.items()):
        if endpoint not in ours:
            lines.append(f"{endpoint}: unknown endpoint")
            continue
        for model, members in models.items():
            where = f"{endpoint} {model}".strip()
            if model not in ours[endpoint]:
                lines.append(f"{where}: unknown model")
                continue
            lines += [f"{where} {line}" for line in of_members(members, ours[endpoint][model])]
    return lines


def of_members(theirs, ours):
    lines = []
    for path, member in theirs.items():
        known = ours.get(path)
        if below_any(path, theirs):
            continue
        if known is None:
            if not below_any(path, ours):
                lines.append(f"{path}: unknown member")
            continue
        if member.required != known.required:
            lines.append(f"{path}: {'required' if member.required else 'optional'} in the SDK only")
        if member.kinds != known.kinds and "any" not in member.kinds:
            more, fewer = sorted(member.kinds - known.kinds), sorted(known.kinds - member.kinds)
            lines.append(f"{path}: the SDK adds {more}, lacks {fewer}")
    gone = (path for path in ours if path not in theirs and not below_any(path, theirs))
    return lines + [f"{path}: not in the SDK" for path in gone]


def gone(theirs, ours):
    """Lists the endpoints and models of the rules that an SDK does not have: older than the rules, or retired."""
    lines = []
    for endpoint, models in sorted(ours.items()):
        missing = [model for model in models if model not in theirs.get(endpoint, {})]
        if missing:
            lines.append(f"{endpoint}: {', '.join(missing) or 'the endpoint'}".rstrip(" :"))
    return lines


def texts(now, before):
    """Lists the texts of members that are new or changed."""
    lines = []
    for endpoint, models in sorted(now.items()):
        for model, members in models.items():
            known = before.get(endpoint, {}).get(model, {})
            for path, member in members.items():
                if member.text and member.text != (known[path].text if path in known else ""):
                    lines.append(f"{endpoint} {model} {path}: {member.text}")
    return lines
