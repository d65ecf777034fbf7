"""The options, and their flags."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from typing import TypedDict, Union

Path = Union[str, "os.PathLike[str]"]


class BodyOptions(TypedDict, total=False):
    """The options of `check_body`, each with the name of its flag."""

    endpoint: str
    rules: Path | Iterable[Path]
    depth: str
    timeout: float | str
    jobs: int
    per_host: int
    retries: int
    offline: bool
    proxy: str
    cacert: Path
    resolve: str | Iterable[str]
    allow_private: bool
    allow_net: str | Iterable[str]
    strict: bool
    show_query: bool
    config: Path
    no_config: bool


class Options(BodyOptions, total=False):
    """The options of `check` and `Preflight`, each with the name of its flag; ``as_`` is ``--as``."""

    model: str
    field: str
    kind: str
    ratio: str | tuple[float, float]
    as_: str


_SWITCHES = frozenset({"offline", "allow_private", "strict", "show_query", "no_config"})
_REPEATED = frozenset({"rules", "resolve", "allow_net"})
_CHECK = frozenset(Options.__annotations__)
_BODY = frozenset(BodyOptions.__annotations__)


def flag(name: str) -> str:
    """Returns the flag of an option.

    >>> flag("per_host"), flag("as_")
    ('--per-host', '--as')
    """
    return "--" + name.rstrip("_").replace("_", "-")


def check_arguments(options: Mapping[str, object]) -> list[str]:
    """Returns the arguments for ``check``.

    >>> check_arguments({"model": "gen4_turbo", "ratio": (0.5, 2), "timeout": 10, "offline": True})
    ['--model=gen4_turbo', '--ratio=0.5:2', '--timeout=10s', '--offline']
    >>> check_arguments({"per_hosts": 4})
    Traceback (most recent call last):
        ...
    TypeError: there is no option per_hosts; did you mean per_host (--per-host)?
    """
    return _arguments(options, _CHECK)


def body_arguments(options: Mapping[str, object]) -> list[str]:
    """Returns the arguments for ``body``.

    >>> body_arguments({"model": "gen4_turbo"})
    Traceback (most recent call last):
        ...
    TypeError: a request body takes no option model (--model)
    """
    for name in options:
        if name in _CHECK - _BODY:
            raise TypeError(f"a request body takes no option {name} ({flag(name)})")
    return _arguments(options, _BODY)


def shared_by_body(options: Mapping[str, object]) -> dict[str, object]:
    """Returns the options that also apply to a request body."""
    return {name: value for name, value in options.items() if name in _BODY}


def _arguments(options: Mapping[str, object], known: frozenset[str]) -> list[str]:
    arguments: list[str] = []
    for name, value in options.items():
        if name not in known:
            close = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f"; did you mean {close[0]} ({flag(close[0])})?" if close else ""
            raise TypeError(f"there is no option {name}{hint}")
        if value is None:
            continue
        if name in _SWITCHES:
            if not isinstance(value, bool):
                raise TypeError(f"{name} ({flag(name)}) is True or False, not {value!r}")
            arguments += [flag(name)] if value else []
        elif name in _REPEATED and not isinstance(value, (str, os.PathLike)):
            if not isinstance(value, Iterable):
                raise TypeError(f"{name} ({flag(name)}) is a text or several, not {value!r}")
            arguments += [f"{flag(name)}={_text(name, one)}" for one in value]
        else:
            arguments.append(f"{flag(name)}={_text(name, value)}")
    return arguments


def _text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, tuple, os.PathLike)):
        raise TypeError(f"{name} ({flag(name)}) cannot be {value!r}")
    if isinstance(value, tuple):
        if name != "ratio" or len(value) != 2:
            raise TypeError(f"{name} ({flag(name)}) cannot be {value!r}")
        return f"{value[0]}:{value[1]}"
    if name == "timeout" and isinstance(value, (int, float)):
        return f"{value}s"
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)
