from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runway_preflight import AssetError, Preflight, UsageError, check
from server import Server

ADDRESS = "http://cdn.example.org/a.png"


def test_a_report_has_what_was_found(fixtures: Path) -> None:
    [report] = check(fixtures / "images/1170x2532.jpg", model="gen4_turbo", field="promptImage")
    assert (report.verdict, report.kind, report.field) == ("rejected", "image", "promptImage")
    assert report.reason is not None
    assert report.reason.startswith("Invalid asset aspect ratio.")
    assert report.message == report.reason
    assert not report.accepted
    assert report.deciding is not None
    assert (report.deciding.code, report.deciding.first) == ("aspect-ratio-outside", True)
    assert report.observed.media is not None
    assert (report.observed.media.width, report.observed.media.height) == (1170, 2532)
    assert report.raw["verdict"] == "rejected"


def test_an_accepted_asset_has_no_deciding_finding(fixtures: Path) -> None:
    [report] = check(fixtures / "images/photo.jpg")
    assert report.accepted
    assert (report.deciding, report.message, report.reason) == (None, None, None)


def test_without_a_sentence_of_the_api_the_message_is_our_code() -> None:
    [report] = check("data:image/png;base64,AAAA")
    assert (report.verdict, report.reason, report.message) == ("rejected", None, "[unreadable-media]")


def test_reports_keep_the_order_of_the_assets(fixtures: Path) -> None:
    assets = [ADDRESS.replace("a.png", f"{number}.png") for number in range(3000)]
    assets[::100] = [str(fixtures / "images/photo.jpg")] * 30
    reports = list(check(iter(assets), offline=True))
    assert [report.asset for report in reports] == assets
    assert [report.index for report in reports] == list(range(3000))


def test_no_assets_give_no_reports() -> None:
    assert list(check([])) == []


@pytest.mark.parametrize(
    "asset", ["  ", "#a.png", " # a", "a\nb.png", "'a.png'", "https://h.example.org/a.png #1", "@list", "-"]
)
def test_texts_that_a_list_would_skip_are_checked(asset: str) -> None:
    reports = list(check([ADDRESS, asset, ADDRESS], offline=True))
    assert [report.index for report in reports] == [0, 1, 2]
    assert reports[1].transport in ("file", "url")
    assert [report.asset for report in reports[::2]] == [ADDRESS] * 2


def test_a_short_data_uri_does_not_wait_for_the_next_line() -> None:
    with Preflight(offline=True) as preflight:
        [report] = preflight.check("data:image/png;base64,AAAA")
        assert report.transport == "data-uri"
        folded = "data:image/png;base64,iVBO\nRw0KGgo="
        assert [report.asset[:15] for report in preflight.check([folded, "a.png", folded])] == [
            "data:image/png;",
            "a.png",
            "data:image/png;",
        ]


@pytest.mark.parametrize("asset", ["", "a\0b", b"a.png", None, ".", "\ud800"])
def test_invalid_assets_are_refused(asset: Any) -> None:
    with pytest.raises(AssetError):
        list(check([asset]))


def test_no_secret_is_in_a_report() -> None:
    [report] = check("http://user:canary@cdn.example.org/a.png?X-Amz-Signature=canary", offline=True)
    assert "canary" not in repr(report) + repr(report.raw)


def test_a_usage_error_names_the_flag() -> None:
    with pytest.raises(UsageError, match="--per-host"):
        list(check([ADDRESS], per_host=0))
    with pytest.raises(ValueError, match="--ratio"):
        list(check([ADDRESS], ratio="wide"))


def test_options_are_checked_before_anything_runs() -> None:
    options: Any = {"perhost": 4}
    with pytest.raises(TypeError, match=r"did you mean per_host \(--per-host\)\?"):
        check([ADDRESS], **options)
    options = {"offline": "no"}
    with pytest.raises(TypeError, match="--offline"):
        Preflight(**options)
    options = {"jobs": [4]}
    with pytest.raises(TypeError, match="--jobs"):
        Preflight(**options)


def test_a_url_is_fetched(server: Server) -> None:
    with Preflight(
        cacert=server.folder / "root.pem",
        allow_private=True,
        resolve=[f"{host}:{server.port}:127.0.0.1" for host in server.hosts],
    ) as preflight:
        reports = list(preflight.check(server.url(number) for number in range(8)))
    assert [report.verdict for report in reports] == ["accepted"] * 8
    observed = reports[0].observed
    assert observed.head is not None
    assert observed.get is not None
    assert (observed.head.status, observed.get.bytes) == (200, len(server.image))
    assert observed.addresses == ("127.0.0.1",)


def test_a_failed_request_has_its_error_and_phase() -> None:
    [report] = check("https://cdn.example.org:4443/a.png", allow_private=True, resolve="cdn.example.org:4443:127.0.0.1")
    assert report.observed.head is not None
    assert (report.observed.head.failed, report.observed.head.error) == (True, "connection-refused")
    assert report.observed.head.phase == "connect"
