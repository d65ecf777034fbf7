"""Runs the program: ``python -m runway_preflight check photo.png``."""

import os
import subprocess
import sys

from runway_preflight._binary import find_binary

command = [find_binary(), *sys.argv[1:]]
if os.name == "nt":
    sys.exit(subprocess.run(command, check=False).returncode)
os.execv(command[0], command)
