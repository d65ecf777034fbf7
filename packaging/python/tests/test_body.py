from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runway_preflight import Preflight, UsageError, check_body, explain

BODY = {"model": "gen4_turbo", "promptImage": "http://cdn.example.org/a.png", "ratio": "1280:720", "duration": 5}


def test_issues_have_their_paths(fixtures: Path) -> None:
    report = check_body(json.loads((fixtures / "bodies/five-bad-fields.json").read_text()), offline=True)
    assert (report.verdict, report.endpoint, report.model) == ("rejected", "image_to_video", "gen4_turbo")
    assert ("seed",) in [issue.path for issue in report.issues]
    assert report.predicted is not None
    assert report.predicted.body is not None
    assert report.predicted.body["error"] == "Validation of body failed"


def test_assets_are_checked_as_well() -> None:
    report = check_body(BODY, offline=True)
    assert [(asset.field, asset.reason) for asset in report.assets] == [("promptImage", "Only HTTPS URLs are allowed.")]
    assert not report.accepted


def test_an_accepted_body_is_predicted_to_pass() -> None:
    report = check_body({**BODY, "promptImage": "https://cdn.example.com/a.png"}, offline=True)
    assert report.accepted
    assert report.predicted is not None
    assert report.predicted.status == 200


def test_a_preflight_passes_on_the_options_of_bodies() -> None:
    with Preflight(offline=True, model="gen4_turbo") as preflight:
        assert preflight.check_body(BODY).verdict == "rejected"


def test_errors_name_the_flag() -> None:
    options: Any = {"model": "gen4_turbo"}
    with pytest.raises(TypeError, match="--model"):
        check_body(BODY, **options)
    with pytest.raises(UsageError, match="--timeout"):
        check_body(BODY, timeout="soon")


def test_an_answer_is_explained_issue_by_issue(fixtures: Path) -> None:
    answer = json.loads((fixtures / "answers/body-nested-403.json").read_text())
    matches = explain(json.dumps(answer))
    assert [(match.kind, match.code, match.field) for match in matches] == [
        ("reason", "http-status", "references[0].uri")
    ]
    assert matches[0].retry == "never"


def test_an_unknown_failure_code_is_explained_as_unknown() -> None:
    [match] = explain("SOMETHING.NEW.HERE")
    assert (match.matched, match.retry, match.credits_refunded) == (None, None, None)
    assert match.next
