//! An accepted body means to the server what it means to the check.

use serde_json::{Value, json};

use super::client::Server;

const IMAGE: &str = r#""model": "gen4_turbo", "promptImage": "https://a.example.com/a.png""#;

#[test]
fn a_byte_order_mark_is_read_over() {
    let server = Server::start(&[]);
    let document =
        server.call_with("POST", "/v1/documents", b"\xef\xbb\xbf{\"name\": \"n\", \"content\": \"y\"}").json();
    assert_eq!((&document["name"], &document["content"]), (&json!("n"), &json!("y")));
    let body = format!("\u{feff}{{{IMAGE}, \"ratio\": \"720:1280\", \"duration\": 10}}");
    assert_eq!(made(&server, &body), (720, 1280, 10.0));
    assert_eq!(server.journal()["requests"][1]["body"]["ratio"], "720:1280");
    assert_eq!(models(&server), json!(["gen4_turbo"]));
    let two =
        server.call_with("POST", "/v1/documents", b"\xef\xbb\xbf\xef\xbb\xbf{\"name\": \"n\", \"content\": \"y\"}");
    assert!(two.status == 400 && two.error().starts_with("[invalid-json]"), "{two:?}");
    let next = server.send("POST", "/__preflight/next", "", b"\xef\xbb\xbf{\"status\": 503}");
    assert_eq!(next.map(|answer| answer.status), Some(204));
}

#[test]
fn of_duplicate_keys_the_last_one_counts() {
    let server = Server::start(&[]);
    let body = format!("{{{IMAGE}, \"ratio\": \"1280:720\", \"duration\": 10, \"ratio\": \"720:1280\"}}");
    assert_eq!(made(&server, &body), (720, 1280, 10.0));
    assert_eq!(models(&server), json!(["gen4_turbo"]));
    let document = server.call_with("POST", "/v1/documents", br#"{"name": "a", "content": "y", "n\u0061me": "b"}"#);
    assert_eq!(document.json()["name"], "b");
}

#[test]
fn a_recipe_is_counted_under_its_name() {
    let server = Server::start(&[]);
    let body = json!({"version": "2026-06", "productImages": [{"uri": "https://example.com/image.jpg"}]});
    server.create("recipes/product_ad", &body);
    assert_eq!(models(&server), json!(["product_ad"]));
}

/// Returns the models that were used.
fn models(server: &Server) -> Value {
    server.call("POST", "/v1/organization/usage", &json!({})).json()["models"].clone()
}

/// Creates a video, and returns its width, height and length.
fn made(server: &Server, body: &str) -> (u64, u64, f64) {
    let created = server.call_with("POST", "/v1/image_to_video", body.as_bytes());
    assert_eq!(created.status, 200, "{created:?}");
    let task = server.poll(created.json()["id"].as_str().expect("an identifier"));
    let path = server.folder.path().join("a.mp4");
    server.download(&task["output"][0], "", "GET").save(&path);
    let checked = crate::program::program().args(["check", "-f", "json"]).arg(&path).run().exit_code(0).json();
    let media = &checked["assets"][0]["observed"]["media"];
    let side = |name: &str| media[name].as_u64().expect("a size");
    (side("width"), side("height"), media["duration_s"].as_f64().expect("a length"))
}
