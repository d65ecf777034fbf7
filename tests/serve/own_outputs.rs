//! The outputs of tasks as assets of further requests.

use serde_json::{Value, json};

use super::client::Server;
use super::{VIDEO, video};

/// Creates an image, and returns the URL of its file.
fn image(server: &Server, ratio: &str) -> Value {
    let id = server.create("text_to_image", &json!({"model": "gen4_image", "promptText": "x", "ratio": ratio}));
    server.poll(&id)["output"][0].clone()
}

fn animated(image: &Value) -> Value {
    json!({"model": "gen4_turbo", "promptImage": image, "ratio": "1280:720"})
}

#[test]
fn the_output_of_a_task_is_an_asset_of_the_next_one() {
    for flags in [&["--assets", "offline"], &["--assets", "fetch"], &["--assets", "off"]] {
        let server = Server::start(flags);
        let url = image(&server, "1024:1024");
        server.create("image_to_video", &animated(&url));
        server.create("image_to_video", &animated(&json!([{"uri": url, "position": "first"}])));
        // Another name of the same server, and escaped slashes.
        let local = url.as_str().expect("a URL").replace("127.0.0.1", "localhost");
        server.create("image_to_video", &animated(&json!(local)));
        let escaped = animated(&url).to_string().replace('/', "\\/");
        assert_eq!(server.connect().call("POST", "/v1/image_to_video", &escaped).status, 200);
    }
}

#[test]
fn an_output_is_checked_by_its_bytes() {
    for flags in [&["--assets", "offline"], &["--assets", "fetch"]] {
        let server = Server::start(flags);
        let message = |url: &Value| {
            let answer = server.call("POST", "/v1/image_to_video", &animated(url));
            assert_eq!(answer.status, 400, "{answer:?}");
            answer.json()["issues"][0]["message"].as_str().expect("a message").to_owned()
        };
        let wide = image(&server, "1920:1080");
        server.create("image_to_video", &animated(&wide));
        let moving = server.poll(&server.create(VIDEO, &video()))["output"][0].clone();
        assert_ne!(message(&moving), "Only HTTPS URLs are allowed.");
        // Uploaded, the same file is answered with the same bytes.
        let (_, uploaded) = server.upload(&server.download(&moving, "", "GET").body);
        assert_eq!(message(&moving), message(&uploaded));
    }
}

#[test]
fn other_addresses_of_plain_http_are_still_refused() {
    let server = Server::start(&["--polls", "2"]);
    let id = server.create("text_to_image", &json!({"model": "gen4_image", "promptText": "x", "ratio": "1024:1024"}));
    let pending = server.poll(&id);
    assert_eq!(pending["status"], "RUNNING");
    let origin = server.line.trim_end();
    let file = |name: &str| format!("{origin}/__preflight/outputs/{id}/{name}");
    let refused = |url: &str| {
        let answer = server.call("POST", "/v1/image_to_video", &animated(&json!(url)));
        let message = answer.json()["issues"][0]["message"].clone();
        assert_eq!((answer.status, message), (400, json!("Only HTTPS URLs are allowed.")), "{url}");
    };
    // The task has not ended.
    refused(&file("0.png"));
    server.poll(&id);
    server.create("image_to_video", &animated(&json!(file("0.png"))));
    refused(&file("1.png"));
    refused(&file("0.mp4"));
    refused(&file("0.png/"));
    refused(&format!("{origin}/__preflight/outputs/other/0.png"));
    refused(&format!("{origin}/v1/tasks/{id}"));
    refused(&file("0.png").replace("127.0.0.1", "other.example.com"));
    refused(&format!("http://127.0.0.1:1/__preflight/outputs/{id}/0.png"));
    assert_eq!(server.call("DELETE", &format!("/v1/tasks/{id}"), &Value::Null).status, 204);
    refused(&file("0.png"));
    // The URIs by which the server knows its outputs mean nothing to clients.
    let foreign = server.call("POST", "/v1/image_to_video", &animated(&json!("runway://preflight/outputs/0")));
    assert_eq!(foreign.json()["issues"][0]["message"], "[unreadable-file]");
}
