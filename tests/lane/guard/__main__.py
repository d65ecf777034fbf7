"""python3 tests/lane/guard BINARY: see tests/lane/guard.sh, which makes the namespace first."""

import sys
import tempfile

import case_address
import case_name
from lane import Lane

MODULES = [case_name, case_address]


def main():
    with tempfile.TemporaryDirectory() as work:
        return 0 if Lane(sys.argv[1], work).run() else 1


sys.exit(main())
