"""Checks images, videos, audio and request bodies before they are sent to Runway's API.

>>> import runway_preflight
>>> [report] = runway_preflight.check("http://cdn.example.org/photo.png", offline=True)
>>> report.verdict, report.reason
('rejected', 'Only HTTPS URLs are allowed.')

`check` takes any number of assets; `Preflight` keeps the process and its connections between calls; `check_body` checks
a request body; `explain` explains an answer of the API. `runway_preflight.arrow` converts to and from tables.
"""

from runway_preflight._binary import find_binary
from runway_preflight._errors import AssetError, PreflightError, UsageError
from runway_preflight._options import BodyOptions, Options
from runway_preflight._preflight import Preflight, check, check_body, explain, host
from runway_preflight._reports import (
    Explanation,
    Finding,
    Issue,
    Location,
    Media,
    Observed,
    Predicted,
    Report,
    RequestReport,
    Response,
)
from runway_preflight.serve import RunwayServer

__all__ = [
    "AssetError",
    "BodyOptions",
    "Explanation",
    "Finding",
    "Issue",
    "Location",
    "Media",
    "Observed",
    "Options",
    "Predicted",
    "Preflight",
    "PreflightError",
    "Report",
    "RequestReport",
    "Response",
    "RunwayServer",
    "UsageError",
    "check",
    "check_body",
    "explain",
    "find_binary",
    "host",
]
