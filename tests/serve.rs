//! The stand-in for the API, tested from outside: its responses, and the limits on its clients.

mod behaviors;
mod bodies;
mod bounds;
mod client;
mod equality;
mod in_flight;
mod memory;
mod objects;
mod own_outputs;

use serde_json::{Value, json};

use self::client::Server;
use crate::program::program;

const VIDEO: &str = "text_to_video";

fn video() -> Value {
    json!({"model": "gen4.5", "promptText": "x", "ratio": "1280:720", "duration": 2})
}

#[test]
fn a_request_without_key_or_version_is_refused() {
    let server = Server::start(&[]);
    let case = |headers: &str, status: u16, sentence: &str| {
        let answer = server.send("GET", "/v1/organization", headers, b"").expect("an answer");
        assert_eq!(answer.status, status, "{headers}");
        assert!(answer.error().starts_with(sentence), "{}", answer.error());
        assert_eq!(answer.header("x-runway-preflight"), Some("serve"));
    };
    let version = "X-Runway-Version: 2024-11-06\r\n";
    case("", 401, "No API key was provided.");
    case(version, 401, "No API key was provided.");
    case(&format!("Authorization: Basic a2V5\r\n{version}"), 401, "No API key was provided.");
    case("Authorization: Bearer k\r\n", 400, "[missing-version]");
    let old = "Authorization: Bearer k\r\nX-Runway-Version: 2023-01-01\r\n";
    case(old, 400, "The API version that was provided in the X-Runway-Version header is not valid.");
    let answer = server.send("GET", "/v1/organization", &format!("authorization: bearer k\r\n{version}"), b"");
    assert_eq!(answer.expect("an answer").status, 200);
}

#[test]
fn paths_methods_and_bodies_have_their_status() {
    let server = Server::start(&[]);
    let case = |method: &str, path: &str, status: u16, start: &str| {
        let answer = server.call(method, path, &Value::Null);
        assert_eq!((answer.status, answer.error().starts_with(start)), (status, true), "{method} {path} {answer:?}");
    };
    case("GET", "/v1/nothing", 404, "[unknown-path]");
    case("GET", "/", 404, "[unknown-path]");
    case("GET", "/v1/text_to_video", 405, "[wrong-method]");
    case("PUT", "/v1/tasks/x", 405, "[wrong-method]");
    case("GET", "/v1/tasks/x", 404, "Could not find Task");
    case("GET", "/v1/documents/x", 404, "[not-found]");
    for path in ["/v1/tasks/%ff", "/v1/%e2%28", "/__preflight/outputs/%ff/0.mp4", "/__preflight/%ff"] {
        case("GET", path, 404, "[unknown-path] the path is not UTF-8");
    }
    case("GET", "/v1/tasks/%C3%A9", 404, "Could not find Task");
    case("POST", "/v1/text_to_video", 400, "[invalid-json]");
    case("GET", "/v1/documents?limit=0", 400, "[invalid-query]");
    case("GET", "/v1/workflows/00000000-0000-4000-8000-000000000000", 501, "[not-known]");
    let mut connection = server.connect();
    let length = (64 << 20) + 1;
    let head = format!("POST /v1/uploads HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n");
    connection.write(head.as_bytes());
    let answer = connection.answer("POST").expect("an answer");
    assert_eq!((answer.status, answer.body.as_slice()), (413, b"Request Entity Too Large".as_slice()));
}

#[test]
fn a_task_passes_through_its_states_until_it_is_deleted() {
    let server = Server::start(&["--polls", "3", "--concurrency", "1"]);
    let (first, second) = (server.create(VIDEO, &video()), server.create(VIDEO, &video()));
    let states = |id: &str, polls: usize| -> Vec<String> {
        (0..polls).map(|_| server.poll(id)["status"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(states(&first, 1), ["PENDING"]);
    assert_eq!(states(&second, 1), ["THROTTLED"]);
    // That poll counted as a poll of the first task as well.
    assert_eq!(states(&first, 2), ["SUCCEEDED", "SUCCEEDED"]);
    assert_eq!(states(&second, 3), ["PENDING", "RUNNING", "SUCCEEDED"]);
    let path = format!("/v1/tasks/{first}");
    assert_eq!(server.call("DELETE", &path, &Value::Null).status, 204);
    for method in ["DELETE", "GET"] {
        let answer = server.call(method, &path, &Value::Null);
        assert_eq!((answer.status, answer.body.as_slice()), (404, br#"{"error":"Could not find Task"}"#.as_slice()));
    }
}

#[test]
fn a_task_takes_its_time_on_a_clock_that_a_test_moves() {
    let server = Server::start(&["--task-time", "100s"]);
    let id = server.create(VIDEO, &video());
    assert_eq!(server.poll(&id)["status"], "PENDING");
    assert_eq!(server.control("clock", &json!({"advance_s": 50})).status, 200);
    let running = server.poll(&id);
    let progress = running["progress"].as_f64().expect("a share");
    assert!(running["status"] == "RUNNING" && (0.5..0.9).contains(&progress), "{running}");
    server.control("clock", &json!({"advance_s": 50.5}));
    assert_eq!(server.poll(&id)["status"], "SUCCEEDED");
    assert_eq!(server.control("clock", &json!({"advance_s": -1})).status, 400);
}

#[test]
fn outputs_are_files_of_the_requested_size_and_length() {
    let server = Server::start(&[]);
    let case = |endpoint: &str, body: &Value, name: &str, expected: Value| {
        let task = server.poll(&server.create(endpoint, body));
        let answer = server.download(&task["output"][0], "", "GET");
        assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string().as_str()));
        let path = server.folder.path().join(name);
        answer.save(&path);
        let outcome = program().args(["check", "-f", "json"]).arg(&path).run().exit_code(0);
        let media = &outcome.json()["assets"][0]["observed"]["media"];
        for (member, value) in expected.as_object().expect("members") {
            assert_eq!(&media[member], value, "{endpoint} {media}");
        }
        (answer.header("content-type").unwrap_or_default().to_owned(), task["output"].clone())
    };
    let (content_type, urls) = case(
        VIDEO,
        &video(),
        "a.mp4",
        json!({"width": 1280, "height": 720, "duration_s": 2.0, "fps": 24.0, "video_codec": "h264"}),
    );
    assert_eq!(content_type, "video/mp4");
    let whole = server.download(&urls[0], "", "GET").body;
    let part = server.download(&urls[0], "Range: bytes=10-19\r\n", "GET");
    assert_eq!((part.status, part.body.as_slice()), (206, &whole[10..20]));
    assert_eq!(part.header("content-range"), Some(format!("bytes 10-19/{}", whole.len()).as_str()));
    assert_eq!(server.download(&urls[0], "Range: bytes=99999999-\r\n", "GET").status, 416);
    // A range is ignored with `HEAD`, and with a validator: no validator of the client can match.
    let head = server.download(&urls[0], "Range: bytes=0-1\r\n", "HEAD");
    assert_eq!((head.status, head.header("content-length")), (200, Some(whole.len().to_string().as_str())));
    let resumed = server.download(&urls[0], "Range: bytes=10-19\r\nIf-Range: \"abc\"\r\n", "GET");
    assert_eq!((resumed.status, resumed.body == whole), (200, true));
    // The same request gives the same bytes.
    let again = server.poll(&server.create(VIDEO, &video()));
    assert_eq!(server.download(&again["output"][0], "", "GET").body, whole);

    let image = json!({"model": "gen4_image", "promptText": "x", "ratio": "1024:1024"});
    assert_eq!(
        case("text_to_image", &image, "a.png", json!({"width": 1024, "height": 1024, "format": "png"})).0,
        "image/png"
    );
    let speech = json!({"model": "eleven_multilingual_v2", "promptText": "x".repeat(60), "voice": {"type": "runway-preset", "presetId": "Maya"}});
    assert_eq!(
        case("text_to_speech", &speech, "a.mp3", json!({"container": "mp3", "duration_s": 4.008})).0,
        "audio/mpeg"
    );
    let sound = json!({"model": "seed_audio", "promptText": "x", "outputFormat": "wav", "sampleRate": 16000});
    assert_eq!(case("sound_effect", &sound, "a.wav", json!({"container": "wav", "duration_s": 1.0})).0, "audio/wav");
}

#[test]
fn an_upload_is_checked_by_its_bytes_until_it_expires() {
    let server = Server::start(&[]);
    let image = json!({"model": "gen4_image", "promptText": "x", "ratio": "1024:1024"});
    let png = server.download(&server.poll(&server.create("text_to_image", &image))["output"][0], "", "GET").body;
    let (stored, uri) = server.upload(&png);
    assert_eq!(stored.status, 204);
    let with = |uri: &Value| json!({"model": "gen4_turbo", "promptImage": uri, "ratio": "1280:720"});
    server.create("image_to_video", &with(&uri));
    let refused =
        |uri: &Value| server.call("POST", "/v1/image_to_video", &with(uri)).json()["issues"][0]["message"].clone();
    assert_eq!(refused(&json!("runway://preflight/other")), "[unreadable-file]");
    let (_, noise) = server.upload(&[7; 600]);
    assert_eq!(refused(&noise), "[unreadable-media]");
    let (short, _) = server.upload(&[7; 511]);
    assert!(short.status == 400 && short.error().contains("512 bytes"), "{short:?}");
    server.control("clock", &json!({"advance_s": 86_401}));
    assert_eq!(refused(&uri), "[unreadable-file]");
    assert_eq!(server.control("reset", &Value::Null).status, 204);
    assert_eq!(refused(&uri), "[unreadable-file]");
    assert_eq!(server.journal()["requests"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_address_is_printed_and_usage_errors_are_reported() {
    let server = Server::start(&["--print-env"]);
    assert!(server.line.starts_with("RUNWAYML_BASE_URL=http://127.0.0.1:"), "{}", server.line);
    let port = server.line.trim_end().rsplit(':').next().unwrap_or_default();
    program().args(["serve", "--port", port]).run().exit_code(2).stderr_contains("serve cannot start on 127.0.0.1");
    program().args(["serve", "--host", "example.com"]).run().exit_code(2).stderr_contains("write an IP address");
    program().args(["serve", "--polls", "0"]).run().exit_code(2).stderr_contains("write a number from 1 to 1000000");
    program()
        .args(["serve", "--polls", "2", "--task-time", "5s"])
        .run()
        .exit_code(2)
        .stderr_contains("cannot be used with");
}
