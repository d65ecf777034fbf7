"""Reports as an Arrow table with one fixed, flat schema. Needs pyarrow: ``pip install 'runway-preflight[arrow]'``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from runway_preflight._errors import AssetError
from runway_preflight._reports import Media, Report, Response

try:
    import pyarrow as pa
except ImportError as error:
    raise ImportError("tables need pyarrow: pip install 'runway-preflight[arrow]'") from error

if TYPE_CHECKING:
    from runway_preflight._preflight import Preflight


def schema(keep: Iterable[tuple[str, pa.DataType]] = ()) -> pa.Schema:
    """Returns the schema of every result, after the columns that are kept from the input.

    >>> print(*schema(keep=[("url", pa.string())]).names)
    url asset verdict code message kind width height ratio bytes duration_s error phase rules
    """
    text = pa.string()
    columns: list[tuple[str, pa.DataType]] = [
        *keep,
        # The asset with secrets redacted; `keep` copies the original column.
        ("asset", text),
        ("verdict", text),
        # The finding that decides the verdict, and the API's sentence for it; null for an accepted asset.
        ("code", text),
        ("message", text),
        ("kind", text),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("ratio", pa.float64()),
        ("bytes", pa.int64()),
        ("duration_s", pa.float64()),
        # Why there was no response, and the phase in which the request failed.
        ("error", text),
        ("phase", text),
        # The date of the rules.
        ("rules", text),
    ]
    return pa.schema(columns)


def to_table(reports: Iterable[Report | AssetError | None], rules: str | None = None) -> pa.Table:
    """Returns a table with one row per report; None gives a row of nulls.

    >>> from runway_preflight import check
    >>> table = to_table(check(["http://cdn.example.org/a.png"], offline=True))
    >>> table["code"].to_pylist()
    ['not-https']
    """
    rows = [{} if report is None else {**_row(report), "rules": rules} for report in reports]
    return pa.Table.from_pylist(rows, schema=schema())


def check_table(preflight: Preflight, data: Any, column: str = "asset", keep: Sequence[str] = ()) -> pa.Table:
    """Checks a column of a table; see `Preflight.check_table`."""
    table = _table(data, column)
    missing = [name for name in (column, *keep) if name not in table.column_names]
    if missing:
        raise KeyError(f"the table has no column {missing[0]!r}, only {table.column_names}")
    twice = [name for name in keep if name in schema().names]
    if twice:
        raise ValueError(f"the result has a column {twice[0]!r} of its own; rename the one to keep")
    assets: list[str | None] = table[column].to_pylist()
    reports = preflight._reports(asset for asset in assets if asset is not None)
    result = to_table(_aligned(assets, reports), preflight.rules)
    for place, name in enumerate(keep):
        result = result.add_column(place, table.schema.field(name), table[name])
    return result


def _aligned(
    assets: Sequence[str | None], reports: Iterator[Report | AssetError]
) -> Iterator[Report | AssetError | None]:
    """Yields a report for each asset, and None for each null."""
    for asset in assets:
        yield None if asset is None else next(reports)


def _table(data: Any, column: str) -> pa.Table:
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if isinstance(data, (pa.Array, pa.ChunkedArray)):
        return pa.Table.from_arrays([data], [column])
    kind = f"{type(data).__module__.partition('.')[0]}.{type(data).__name__}"
    if kind == "pandas.DataFrame":
        return pa.Table.from_pandas(data, preserve_index=False)
    if kind == "pandas.Series":
        return pa.table({column: pa.Array.from_pandas(data, type=pa.string())})
    if hasattr(data, "__arrow_c_stream__"):
        return pa.table(data)
    raise TypeError(f"an Arrow table, a pandas DataFrame or the like is needed, not {type(data).__name__}")


def _row(report: Report | AssetError) -> dict[str, Any]:
    if isinstance(report, AssetError):
        return {"verdict": "undecided", "error": "not-an-asset"}
    observed = report.observed
    media = observed.media or Media()
    head, get = observed.head or Response(), observed.get or Response()
    failed = get if get.error else head
    sizes = (observed.size, get.content_length, head.content_length, get.bytes)
    deciding = report.deciding
    return {
        "asset": report.asset,
        "verdict": report.verdict,
        "code": deciding.code if deciding else None,
        "message": report.message,
        "kind": report.kind,
        "width": media.width,
        "height": media.height,
        "ratio": media.ratio,
        "bytes": next((size for size in sizes if size is not None), None),
        "duration_s": media.duration_s,
        "error": failed.error,
        "phase": failed.phase,
    }
