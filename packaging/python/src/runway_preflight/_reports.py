"""The typed results: the objects of the program's JSON, with None for unknown values.

The program may print keys that these classes do not have; `Report.raw` and its like keep them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Verdict = Literal["accepted", "rejected", "undecided"]
Severity = Literal["error", "undecided", "warning", "note"]
Confidence = Literal["documented", "observed", "inferred"]
Kind = Literal["image", "video", "audio"]


@dataclass(frozen=True)
class Location:
    """A position in a file, counted from 1, in characters."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Finding:
    """One finding about an asset."""

    code: str
    severity: Severity
    stage: str
    first: bool = False
    """Whether the API would report this finding first."""
    reason: str | None = None
    """The API's sentence; None if it has none."""
    also_seen: tuple[str, ...] = ()
    confidence: Confidence | None = None
    title: str | None = None
    detail: str | None = None
    hint: str | None = None
    docs: str | None = None
    as_: str | None = None
    """For a local file: the transport that the finding applies to."""


@dataclass(frozen=True)
class Response:
    """The response to a request."""

    status: int | None = None
    content_type: str | None = None
    content_length: int | None = None
    bytes: int | None = None
    elapsed_ms: int | None = None
    failed: bool = False
    error: str | None = None
    """Why it failed: ``dns-not-found``, ``connection-refused``, ``timeout``, …"""
    phase: str | None = None
    """The phase in which it failed."""


@dataclass(frozen=True)
class Media:
    """The media header of an image, a video or an audio file."""

    format: str | None = None
    container: str | None = None
    width: int | None = None
    height: int | None = None
    ratio: float | None = None
    orientation: int | None = None
    rotation: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    duration_s: float | None = None
    fps: float | None = None


@dataclass(frozen=True)
class Observed:
    """What was observed of an asset."""

    addresses: tuple[str, ...] = ()
    head: Response | None = None
    get: Response | None = None
    media: Media | None = None
    size: int | None = None
    """The bytes of a local file, or of what a data URI encodes."""


@dataclass(frozen=True)
class Report:
    """The result for one asset."""

    index: int
    """The position of the asset in the input, from 0."""
    asset: str
    """The asset without its secrets."""
    verdict: Verdict
    transport: str | None = None
    kind: Kind | None = None
    field: str | None = None
    reason: str | None = None
    """The sentence that the API would report first; None if it rejects nothing or has no sentence."""
    findings: tuple[Finding, ...] = ()
    observed: Observed = dataclasses.field(default_factory=Observed)
    location: Location | None = None
    raw: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)
    """The object as the program printed it."""

    @property
    def accepted(self) -> bool:
        """Whether the API takes the asset, as far as can be seen."""
        return self.verdict == "accepted"

    @property
    def deciding(self) -> Finding | None:
        """The finding that decides the verdict, which the API would report first; None for an accepted asset."""
        if self.verdict == "accepted":
            return None
        severity = "error" if self.verdict == "rejected" else "undecided"
        severe = [finding for finding in self.findings if finding.severity == severity]
        return next((finding for finding in severe if finding.first), severe[0] if severe else None)

    @property
    def message(self) -> str | None:
        """The API's sentence, else our code in brackets; None for an accepted asset."""
        deciding = self.deciding
        return self.reason or (f"[{deciding.code}]" if deciding else None)


@dataclass(frozen=True)
class Issue:
    """One violation of the schema of an endpoint in a request body."""

    code: str
    path: tuple[str | int, ...]
    message: str
    field: str | None = None
    location: Location | None = None
    confidence: Confidence | None = None
    detail: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class Predicted:
    """What the API would answer."""

    status: int
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RequestReport:
    """The result for one request body."""

    verdict: Verdict
    endpoint: str | None = None
    model: str | None = None
    issues: tuple[Issue, ...] = ()
    findings: tuple[Finding, ...] = ()
    predicted: Predicted | None = None
    assets: tuple[Report, ...] = ()
    raw: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    @property
    def accepted(self) -> bool:
        """Whether the API takes the body, as far as can be seen."""
        return self.verdict == "accepted"


@dataclass(frozen=True)
class Explanation:
    """What a reason, a code or an answer of the API means, and what to do next."""

    kind: str
    code: str
    matched: str | None = None
    """The longest known prefix of a task failure code; None if it is unknown."""
    field: str | None = None
    message: str | None = None
    meaning: str | None = None
    retry: Literal["never", "after-delay", "may"] | None = None
    """``never`` means: not without a change. None if nothing is published."""
    credits_refunded: bool | None = None
    next: str | None = None
    confidence: Confidence | None = None
    raw: Mapping[str, Any] = dataclasses.field(default_factory=dict, repr=False, compare=False)


T = TypeVar("T")


def _known(cls: type[T], values: Mapping[str, Any], **replaced: Any) -> T:
    """Makes an object of the keys that its class knows."""
    known = {name: value for name, value in values.items() if name in cls.__annotations__}
    return cls(**{**known, **replaced})


def _optional(cls: type[T], values: Mapping[str, Any] | None) -> T | None:
    return None if values is None else _known(cls, values)


def finding(values: Mapping[str, Any]) -> Finding:
    """Reads a finding."""
    return _known(Finding, values, also_seen=tuple(values.get("also_seen") or ()), as_=values.get("as"))


def report(values: Mapping[str, Any], index: int | None = None) -> Report:
    """Reads the object of one asset."""
    seen = values.get("observed") or {}
    observed = Observed(
        addresses=tuple(seen.get("addresses") or ()),
        head=_optional(Response, seen.get("head")),
        get=_optional(Response, seen.get("get")),
        media=_optional(Media, seen.get("media")),
        size=seen.get("size"),
    )
    return _known(
        Report,
        values,
        index=values["index"] if index is None else index,
        findings=tuple(finding(one) for one in values.get("findings") or ()),
        observed=observed,
        location=_optional(Location, values.get("location")) if index is None else None,
        raw=values,
    )


def request_report(values: Mapping[str, Any]) -> RequestReport:
    """Reads the object of one request body."""
    issues = (
        _known(Issue, one, path=tuple(one["path"]), location=_optional(Location, one.get("location")))
        for one in values.get("issues") or ()
    )
    return _known(
        RequestReport,
        values,
        issues=tuple(issues),
        findings=tuple(finding(one) for one in values.get("findings") or ()),
        predicted=_optional(Predicted, values.get("predicted")),
        assets=tuple(report(one) for one in values.get("assets") or ()),
        raw=values,
    )


def explanation(values: Mapping[str, Any]) -> Explanation:
    """Reads one match of ``explain``."""
    return _known(Explanation, values, raw=values)
