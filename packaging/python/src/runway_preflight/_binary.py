"""Finds the program."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from runway_preflight._errors import PreflightError

VARIABLE = "RUNWAY_PREFLIGHT_BINARY"


def find_binary() -> str:
    """Returns the path of the program.

    That is the file that the environment variable ``RUNWAY_PREFLIGHT_BINARY`` names, else the program that was
    installed with this package, else the one on ``PATH``.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return named
    name = "runway-preflight" + (sysconfig.get_config_var("EXE") or "")
    for folder in _script_folders():
        if (folder / name).is_file():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise PreflightError(
            f"the program is missing: run `pip install runway-preflight`, or set {VARIABLE} to its path"
        )
    return found


def _script_folders() -> list[Path]:
    package = Path(__file__).resolve().parent
    user = "nt_user" if os.name == "nt" else "osx_framework_user" if _is_framework() else "posix_user"
    return [
        Path(sysconfig.get_path("scripts")),
        Path(sysconfig.get_path("scripts", scheme=user)),
        # `pip install --target` and `--prefix`.
        package.parent / "bin",
        *(parent / "bin" for parent in package.parents if parent.name == "lib"),
    ]


def _is_framework() -> bool:
    return sys.platform == "darwin" and bool(sysconfig.get_config_var("PYTHONFRAMEWORK"))
