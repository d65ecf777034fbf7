from __future__ import annotations

from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
from runway_preflight import Preflight, check  # noqa: E402
from runway_preflight.arrow import schema, to_table  # noqa: E402

SIGNED = "http://cdn.example.org/a.png?X-Amz-Signature=canary"


@pytest.fixture
def assets(fixtures: Path) -> list[str | None]:
    return [SIGNED, None, str(fixtures / "images/1170x2532.jpg"), str(fixtures / "images/photo.jpg"), ""]


def test_rows_follow_the_input(assets: list[str | None]) -> None:
    with Preflight(offline=True, model="gen4_turbo", field="promptImage") as preflight:
        table = preflight.check_table(pa.table({"asset": assets}))
    assert table.schema == schema()
    rows = table.to_pylist()
    assert [row["verdict"] for row in rows] == ["rejected", None, "rejected", "accepted", "undecided"]
    assert rows[0]["message"] == "Only HTTPS URLs are allowed."
    assert set(rows[1].values()) == {None}
    assert (rows[2]["code"], rows[2]["width"], rows[2]["ratio"]) == ("aspect-ratio-outside", 1170, 0.462)
    assert (rows[3]["code"], rows[3]["kind"], rows[3]["bytes"]) == (None, "image", 19741)
    assert rows[3]["rules"][:2] == "20"
    assert "canary" not in str(rows)


@pytest.mark.parametrize("kind", ["table", "batch", "array", "chunked", "frame", "series", "stream"])
def test_tables_of_every_kind_are_accepted(assets: list[str | None], kind: str) -> None:
    table = pa.table({"asset": assets, "id": range(5)})
    data = {
        "table": lambda: table,
        "batch": lambda: table.to_batches()[0],
        "array": lambda: table["asset"].combine_chunks(),
        "chunked": lambda: table["asset"],
        "frame": lambda: pytest.importorskip("pandas") and table.to_pandas(),
        "series": lambda: pytest.importorskip("pandas") and table.to_pandas()["asset"],
        "stream": lambda: pa.RecordBatchReader.from_batches(table.schema, table.to_batches()),
    }[kind]()
    with Preflight(offline=True) as preflight:
        result = preflight.check_table(data)
    assert result.schema == schema()
    assert result["verdict"].to_pylist()[:2] == ["rejected", None]


def test_columns_are_kept(assets: list[str | None]) -> None:
    table = pa.table({"id": range(5), "url": assets})
    with Preflight(offline=True) as preflight:
        result = preflight.check_table(table, column="url", keep=["id", "url"])
        assert result.column_names == ["id", "url", *schema().names]
        assert result["url"].to_pylist() == assets
        # A filter selects the failed rows, which can be checked again.
        again = result.filter(pa.compute.equal(result["verdict"], "rejected"))
        assert preflight.check_table(again.select(["id", "url"]), column="url")["verdict"].to_pylist() == ["rejected"]


def test_wrong_columns_are_named() -> None:
    table = pa.table({"url": ["a.png"], "code": [1]})
    preflight = Preflight()
    with pytest.raises(KeyError, match="no column 'asset'"):
        preflight.check_table(table)
    with pytest.raises(ValueError, match="'code'"):
        preflight.check_table(table, column="url", keep=["code"])
    with pytest.raises(TypeError, match="not list"):
        preflight.check_table(["a.png"])


def test_invalid_assets_do_not_stop_a_table() -> None:
    folded = "data:image/png;base64,\n" + "A" * 200_000
    with Preflight(offline=True) as preflight:
        rows = preflight.check_table(pa.table({"asset": ["a\0b", SIGNED, ".", folded]})).to_pylist()
    assert [row["error"] for row in rows[:3]] == ["not-an-asset", None, "not-an-asset"]
    assert [row["verdict"] for row in rows[:3]] == ["undecided", "rejected", "undecided"]
    assert (rows[3]["verdict"], rows[3]["error"]) == ("rejected", None)


def test_no_rows_give_a_table_without_rows() -> None:
    with Preflight() as preflight:
        result = preflight.check_table(pa.table({"asset": pa.array([], pa.string())}))
    assert (result.num_rows, result.schema) == (0, schema())


def test_reports_become_a_table(fixtures: Path) -> None:
    table = to_table(check(fixtures / "audio/cbr.mp3"))
    [row] = table.to_pylist()
    assert (row["kind"], row["width"]) == ("audio", None)
    assert row["duration_s"] > 0


def test_a_failed_request_has_its_error() -> None:
    reports = check("https://cdn.example.org:4443/a.png", allow_private=True, resolve="cdn.example.org:4443:127.0.0.1")
    [row] = to_table(reports).to_pylist()
    assert (row["verdict"], row["code"], row["error"], row["phase"]) == (
        "rejected",
        "fetch-failed",
        "connection-refused",
        "connect",
    )
