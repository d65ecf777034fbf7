"""python3 tests/e2e/guard BINARY: see tests/e2e/guard.sh, which makes the namespace first."""

import sys
import tempfile

import case_address
import case_connection
import case_environment
import case_name
import case_offline
from suite import Suite

# Importing them has registered their cases.
MODULES = [case_name, case_address, case_environment, case_connection, case_offline]


def main():
    with tempfile.TemporaryDirectory() as work:
        return 0 if Suite(sys.argv[1], work).run() else 1


sys.exit(main())
