"""Where the program and the other reader differ for a reason: measure, files, reason."""

EXCEPTIONS = ()
