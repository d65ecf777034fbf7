//! Secrets in paths: of known services, by form, and nothing else.

use super::*;
use crate::text::secret::redact_url;

fn case(url: &str, shown: &str) {
    assert_eq!(redact_url(url, QueryRedaction::Redact), shown, "{url}");
}

#[test]
fn services_lose_their_secrets() {
    let telegram = "https://api.telegram.org/file/bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/photos/file_0.jpg";
    case(telegram, "https://api.telegram.org/file/bot[redacted]/photos/file_0.jpg");
    case("https://API.telegram.org.:443/bot1:a/getMe", "https://API.telegram.org.:443/bot[redacted]/getMe");
    case("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/services/T0/B0/[redacted]");
    case("https://discord.com/api/v10/webhooks/1/abc", "https://discord.com/api/v10/webhooks/1/[redacted]");
    case(
        "https://uc1.dl.dropboxusercontent.com/cd/0/get/abc/file",
        "https://uc1.dl.dropboxusercontent.com/cd/0/get/[redacted]/file",
    );
    case(
        "https://v5.airtableusercontent.com/v3/u/3/3/17/aa/bb/cc",
        "https://v5.airtableusercontent.com/v3/u/3/3/17/[redacted]/[redacted]/[redacted]",
    );
}

#[test]
fn look_alikes_keep_their_names() {
    for url in [
        "https://telegram.example.org/file/bot1:a/x.jpg",
        "https://api.telegram.org.evil.example/file/bot1:a/x.jpg",
        "https://evildropboxusercontent.com/cd/0/get/abc/file",
        "https://hooks.slack.com/services/T0/B0",
        "https://hooks.slack.com/services/T0/B0/",
        "https://h.com/xtoken=abc/my-sig=abc/a.png",
        "https://hooks.slack.com/",
        "https://h.com/3f0e1d2c4b5a69788796a5b4c3d2e1f0/9d2b.png",
        "https://h.com/5a6b7c8d-0e1f-4a2b-8c3d-4e5f6a7b8c9d.png",
        "https://h.com/cdn-cgi/image/width=400,quality=75/a.png",
        "https://h.com/a.b.c/eyJ.png/key_lime_pie.jpg/s--a--/token=/broken=x",
        "https://h.com/a%20b.png",
        "https://h.com/what%3F.png",
    ] {
        case(url, url);
    }
}

#[test]
fn tokens_are_redacted_on_any_host() {
    case("https://h.com/eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl/a.mp4", "https://h.com/[redacted]/a.mp4");
    case(&format!("https://h.com/key_{}/a", "0f".repeat(64)), "https://h.com/key_[redacted]/a");
    case(&format!("https://h.com/ghp_{}/a", "a".repeat(36)), "https://h.com/ghp_[redacted]/a");
    case(
        "https://res.cloudinary.com/d/image/upload/s--Ab_3-678--/a.png",
        "https://res.cloudinary.com/d/image/upload/s--[redacted]--/a.png",
    );
    case("https://h.com/exp=1~acl=/*~hmac=0f/a.ts", "https://h.com/exp=1~acl=/*~hmac=[redacted]/a.ts");
    case("https://h.b-cdn.net/bcdn_token=HS256-x&expires=1/a.ts", "https://h.b-cdn.net/bcdn_token=[redacted]/a.ts");
    case("https://h.com/a.jsp;JSESSIONID=0F/b", "https://h.com/a.jsp;JSESSIONID=[redacted]/b");
    case("https://h.com\\eyJa.eyJb.c\\a", "https://h.com\\[redacted]\\a");
}

#[test]
fn urls_in_a_path_are_redacted_as_urls() {
    case("https://p.com/fetch/https://u:p@h.com/a.png?x=y", "https://p.com/fetch/https://h.com/a.png?x=[redacted]");
    case(
        "https://p.com/https%3A%2F%2Fu:p%40h.com%2Fa.png%3Fsig%3Dcanary/z",
        "https://p.com/https%3A%2F%2Fh.com%2Fa.png%3Fsig%3D[redacted]/z",
    );
    case(
        "https://p.com/https%253A%252F%252Fh%252Fa%253Fs%253Dcanary",
        "https://p.com/https%3A%2F%2Fh%2Fa%3Fs%3D[redacted]",
    );
    case("https://h.com/a.png%3Ftoken=canary", "https://h.com/a.png%3Ftoken%3D[redacted]");
    case("https://p.com/https://api.telegram.org/bot1:a/x", "https://p.com/https://api.telegram.org/bot[redacted]/x");
    case("https://h.com/a://b", "https://h.com/a://b");
}

#[test]
fn every_row_names_its_source() {
    let sources = SERVICES.iter().map(|row| row.source);
    for (page, date) in sources.chain(NAMES.iter().map(|(_, source)| *source)) {
        assert!(page.starts_with("https://") && date.len() == 10 && date.starts_with("202"), "{page} {date}");
    }
    for row in SERVICES {
        assert!(row.path.contains("{secret}") && !row.path.starts_with('/'), "{}", row.path);
    }
}
