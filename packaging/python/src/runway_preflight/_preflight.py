"""Checks of assets, request bodies and answers of the API."""

from __future__ import annotations

import json
import os
import re
import weakref
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Union

from runway_preflight import _reports
from runway_preflight._binary import find_binary
from runway_preflight._errors import AssetError
from runway_preflight._options import body_arguments, check_arguments, shared_by_body
from runway_preflight._reports import Explanation, Report, RequestReport
from runway_preflight._run import run_json
from runway_preflight._worker import Worker

if TYPE_CHECKING:
    import pyarrow as pa
    from typing_extensions import Self, Unpack

    from runway_preflight._options import BodyOptions, Options

Asset = Union[str, "os.PathLike[str]"]

# How many assets are read ahead of the results.
_AHEAD = 1024


class Preflight:
    """Checks assets with one process, which is reused between calls, with its connections.

    The options are those of `check`. The process starts with the first asset, is restarted if it ends early, and
    ends with `close`, with the ``with`` block, or with the interpreter. Several threads may share one object. It can be
    pickled and forked: each copy has a process of its own.

    >>> with Preflight(offline=True, field="promptImage") as preflight:
    ...     [report.reason for report in preflight.check(["http://cdn.example.org/a.png", "not a data: URI"])][0]
    'Only HTTPS URLs are allowed.'
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        self._options: dict[str, Any] = dict(options)
        self._arguments = check_arguments(self._options)
        self._worker: Worker | None = None
        self._finalizer: weakref.finalize[..., Any] | None = None
        self._rules: str | None = None

    def check(self, assets: Asset | Iterable[Asset]) -> Iterator[Report]:
        """Checks assets and yields one report for each, in their order, as soon as it is known.

        An asset is an ``https://`` URL, a ``data:`` or ``runway://`` URI, or the path of a file. Up to 1,024 assets are
        read ahead of the reports. They are read in the thread of the caller: while a source such as a queue has no next
        asset, no report is yielded. Where a source waits for reports, call this with one asset at a time.
        """
        for report in self._reports([assets] if isinstance(assets, (str, os.PathLike)) else assets):
            if isinstance(report, AssetError):
                raise report
            yield report

    def _reports(self, assets: Iterable[Asset]) -> Iterator[Report | AssetError]:
        """Yields a report for each asset, or the error if there is none."""
        pending: deque[Future[dict[str, Any]]] = deque()
        index = 0
        for asset in assets:
            pending.append(self._submit(asset))
            while pending and (len(pending) >= _AHEAD or pending[0].done()):
                yield _report(pending.popleft(), index)
                index += 1
        while pending:
            yield _report(pending.popleft(), index)
            index += 1

    def check_table(self, data: Any, column: str = "asset", keep: Sequence[str] = ()) -> pa.Table:
        """Checks a column and returns one row for each of its rows, in order, with the schema `arrow.schema()`.

        ``data`` is an Arrow table, record batch or array, a pandas DataFrame or Series, or anything else that has an
        Arrow stream. The columns in ``keep`` come before those of the result. A null gives a row of nulls.
        """
        from runway_preflight import arrow

        return arrow.check_table(self, data, column=column, keep=keep)

    def check_body(self, body: Mapping[str, Any]) -> RequestReport:
        """Checks a request body and every asset in it, with the options that apply to a body."""
        return check_body(body, **shared_by_body(self._options))  # type: ignore[arg-type]

    @property
    def rules(self) -> str:
        """The date of the newest source of the rules in force."""
        if self._rules is None:
            arguments = check_arguments({"rules": self._options.get("rules")})
            self._rules = str(run_json(["rules", "--format=json", *arguments])["rules"]["read"])
        return self._rules

    def close(self) -> None:
        """Ends the process. A later check starts another one."""
        if self._finalizer is not None:
            self._finalizer()
        self._worker = self._finalizer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return self._options

    def __setstate__(self, options: dict[str, Any]) -> None:
        self.__init__(**options)  # type: ignore[misc]

    def _submit(self, asset: Asset) -> Future[dict[str, Any]]:
        text = os.fspath(asset) if isinstance(asset, os.PathLike) else asset
        try:
            line = _line(text)
        except AssetError as error:
            failed: Future[dict[str, Any]] = Future()
            failed.set_exception(error)
            return failed
        return self._started().submit(line)

    def _started(self) -> Worker:
        if self._worker is not None and self._worker.is_forked:
            self._worker.abandon()
            self._worker = None
        if self._worker is None:
            self._worker = Worker([find_binary(), "check", "--format=jsonl", "--null", *self._arguments, "-"])
            self._finalizer = weakref.finalize(self, self._worker.close)
        return self._worker


def _report(future: Future[dict[str, Any]], index: int) -> Report | AssetError:
    try:
        return _reports.report(future.result(), index)
    except AssetError as error:
        return error


def _line(text: object) -> bytes:
    """Encodes an asset as a list entry."""
    if not isinstance(text, str):
        raise AssetError(f"an asset is a text, not {type(text).__name__}")
    if not text:
        raise AssetError("an asset is not an empty text")
    if "\0" in text:
        raise AssetError("an asset has no NUL character")
    if "://" not in text and os.path.isdir(text):
        raise AssetError("an asset is a file, not a folder; pass the files in it")
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise AssetError("an asset is a text of whole characters, without half a surrogate pair") from error


def check(assets: Asset | Iterable[Asset], **options: Unpack[Options]) -> Iterator[Report]:
    """Checks assets and yields one report for each, in their order, as soon as it is known.

    Each option has the name of its flag of ``runway-preflight check``: ``model``, ``endpoint``, ``field``, ``kind``,
    ``ratio``, ``depth``, ``timeout`` (seconds), ``jobs``, ``per_host``, ``retries``, ``offline``, ``strict``, …;
    ``as_`` is ``--as``.

    >>> for report in check(["http://cdn.example.org/a.png"], offline=True, field="promptImage"):
    ...     print(report.verdict, report.reason)
    rejected Only HTTPS URLs are allowed.
    """
    preflight = Preflight(**options)
    return _check_and_close(preflight, assets)


def _check_and_close(preflight: Preflight, assets: Asset | Iterable[Asset]) -> Iterator[Report]:
    with preflight:
        yield from preflight.check(assets)


def check_body(body: Mapping[str, Any], **options: Unpack[BodyOptions]) -> RequestReport:
    """Checks a request body and every asset in it, and predicts what the API answers.

    >>> report = check_body({"model": "gen4_turbo", "promptImage": "http://cdn.example.org/a.png",
    ...                      "ratio": "1280:720", "duration": 99}, offline=True)
    >>> report.verdict, report.predicted.status, report.issues[0].message
    ('rejected', 400, 'Too big: expected number to be <=10')
    """
    document = run_json(["body", "--format=json", *body_arguments(options), "-"], json.dumps(body))
    request = {"assets": document["assets"], **document["requests"][0]}
    return _reports.request_report(request)


def explain(text: str) -> list[Explanation]:
    """Explains a reason, a code, an HTTP status, a 400 body, an exception of Runway's SDKs, a failed task or a log.

    The list has one entry per issue, and is empty for a text that is not recognized.

    >>> [match] = explain("SAFETY.INPUT.TEXT")
    >>> match.matched, match.retry, match.credits_refunded
    ('SAFETY.INPUT', 'never', False)
    >>> explain("no answer of the API")
    []
    """
    document = run_json(["explain", "--format=json", "-"], text)
    return [_reports.explanation(match) for match in document["matches"]]


_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@\\]*@)?([^/?#\\:]*)")


def host(asset: str | None) -> str:
    """Returns the host of a URL in lower case, or an empty text, to partition a table by.

    A table that is partitioned by host has one worker per host, so that its limit ``per_host`` holds.

    >>> host("https://user@CDN.example.org:8443/a.png"), host("photo.png")
    ('cdn.example.org', '')
    """
    match = _HOST.match(asset or "")
    return match.group(1).lower() if match else ""
