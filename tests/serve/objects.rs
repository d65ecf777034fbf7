//! Avatars, documents, voices and routers: their lists, the parameters of the lists, and how they refer to each other.

use serde_json::{Value, json};

use super::client::Server;

/// Creates an object, and returns its identifier.
fn create(server: &Server, path: &str, body: &Value) -> String {
    let answer = server.call("POST", path, body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["id"].as_str().expect("an identifier").to_owned()
}

fn get(server: &Server, path: &str) -> Value {
    let answer = server.call("GET", path, &Value::Null);
    assert_eq!(answer.status, 200, "{path}: {answer:?}");
    answer.json()
}

#[test]
fn parameters_of_lists_are_checked() {
    let server = Server::start(&[]);
    let router = create(&server, "/v1/routers", &json!({"slug": "fast"}));
    let requests = format!("/v1/routers/{router}/requests");
    let refused = |path: &str, name: &str| {
        let answer = server.call("GET", path, &Value::Null);
        let sentence = format!("[invalid-query] `{name}`");
        assert!(answer.status == 400 && answer.error().starts_with(&sentence), "{path}: {answer:?}");
    };
    let span = |from: &str, to: &str| format!("{from}=2026-11-01T00%3A00%3A00Z&{to}=2026-11-30T00:00:00.000Z");
    let (usage, webapp) = (span("startDate", "endDate"), span("from", "to"));
    let lists = [
        ("/v1/avatars", ""),
        ("/v1/documents", ""),
        ("/v1/voices", ""),
        ("/v1/routers", ""),
        (requests.as_str(), ""),
        ("/v1/avatar_conversations", ""),
        ("/v1/organization/webapp/audit_logs", ""),
        ("/v1/organization/webapp/usage", webapp.as_str()),
    ];
    for (path, needed) in lists {
        for (name, values) in [("limit", ["0", "101", "x", "-1"]), ("cursor", ["x", "", "-1", "1.5"])] {
            for value in values {
                refused(&format!("{path}?{needed}&{name}={value}"), name);
            }
        }
        get(&server, &format!("{path}?{needed}&limit=100"));
    }
    refused("/v1/documents?sort=bogus", "sort");
    refused("/v1/documents?order=sideways", "order");
    refused("/v1/avatar_conversations?avatar=x", "avatar");
    refused("/v1/avatar_conversations?avatar=00000000-0000-7000-8000-000000000000", "avatar");
    refused("/v1/avatar_conversations?startDate=2026-02-30T00:00:00Z", "startDate");
    refused("/v1/avatar_conversations?endDate=2026-11-01T00:00:00%2B01:00", "endDate");
    refused("/v1/avatar_usage", "startDate");
    refused("/v1/avatar_usage?startDate=2026-11-01T00:00:00Z", "endDate");
    refused("/v1/organization/webapp/usage", "from");
    refused("/v1/organization/webapp/usage?from=2026-11-01T00:00:00Z", "to");
    refused(&format!("/v1/organization/webapp/usage?{webapp}&organizationId=x"), "organizationId");
    refused("/v1/organization/webapp/audit_logs?from=yesterday", "from");
    get(&server, &format!("/v1/avatar_usage?{usage}"));
    let organization = "organizationId=01890a5d-ac96-774b-bcce-b302099a8057";
    get(&server, &format!("/v1/organization/webapp/usage?{webapp}&{organization}"));
    get(&server, &format!("/v1/avatar_conversations?{usage}&avatar=00000000-0000-4000-8000-000000000000"));
}

#[test]
fn documents_are_sorted_as_asked() {
    let server = Server::start(&[]);
    let ids = ["a", "b", "c"].map(|name| create(&server, "/v1/documents", &json!({"name": name, "content": "x"})));
    let changed = server.call("PATCH", &format!("/v1/documents/{}", ids[0]), &json!({"content": "y"}));
    assert_eq!(changed.status, 204, "{changed:?}");
    let listed = |query: &str| {
        let (mut names, mut cursor) = (String::new(), String::new());
        loop {
            let page = get(&server, &format!("/v1/documents?limit=2&{query}{cursor}"));
            let data = page["data"].as_array().expect("a list");
            names.extend(data.iter().filter_map(|document| document["name"].as_str()));
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return names,
            }
        }
    };
    assert_eq!(listed(""), "cba");
    assert_eq!(listed("order=asc"), "abc");
    assert_eq!(listed("sort=createdAt&order=desc"), "cba");
    assert_eq!(listed("sort=updatedAt"), "acb");
    assert_eq!(listed("sort=updatedAt&order=asc"), "bca");
}

#[test]
fn avatars_documents_and_voices_refer_to_each_other() {
    let server = Server::start(&[]);
    let text = json!({"type": "text", "prompt": "a calm and friendly voice", "model": "eleven_ttv_v3"});
    let voice = create(&server, "/v1/voices", &json!({"name": "Calm", "from": text}));
    let document = create(&server, "/v1/documents", &json!({"name": "FAQ", "content": "x"}));
    let other = create(&server, "/v1/documents", &json!({"name": "Other", "content": "x"}));
    let avatar = json!({
        "name": "Ada", "personality": "calm", "referenceImage": "https://a.example.com/a.png",
        "voice": {"type": "custom", "id": voice}, "documentIds": [document, other],
    });
    let avatar = create(&server, "/v1/avatars", &avatar);
    let path = format!("/v1/avatars/{avatar}");
    let used_by = json!([{"id": avatar, "name": "Ada", "imageUrl": null}]);
    assert_eq!(get(&server, &format!("/v1/documents/{document}"))["usedBy"], used_by);
    assert_eq!(get(&server, "/v1/documents")["data"][1]["usedBy"], used_by);
    let expected = json!({"type": "custom", "id": voice, "deleted": false, "name": "Calm", "description": null});
    assert_eq!(get(&server, &path)["voice"], expected);
    assert_eq!(get(&server, "/v1/avatars")["data"][0]["voice"], expected);

    for deleted in [format!("/v1/voices/{voice}"), format!("/v1/documents/{document}")] {
        assert_eq!(server.call("DELETE", &deleted, &Value::Null).status, 204);
    }
    let after = get(&server, &path);
    assert_eq!(after["voice"], json!({"type": "custom", "id": voice, "deleted": true}));
    assert_eq!(after["documentIds"], json!([other]));

    let preset = json!({"voice": {"type": "runway-live-preset", "presetId": "clara"}, "documentIds": []});
    assert_eq!(server.call("PATCH", &path, &preset).json()["voice"]["name"], "clara");
    assert_eq!(get(&server, &format!("/v1/documents/{other}"))["usedBy"], json!([]));
}

#[test]
fn generation_needs_a_router_that_exists() {
    let server = Server::start(&[]);
    let generate = |kind: &str, router: &str| {
        let input =
            if kind == "audio" { json!({"type": "audio", "promptText": "x"}) } else { json!({"promptText": "x"}) };
        server.call("POST", &format!("/v1/generate/{kind}"), &json!({"configId": router, "input": input}))
    };
    create(&server, "/v1/routers", &json!({"slug": "fast"}));
    for kind in ["image", "video", "audio"] {
        let unknown = generate(kind, "nope");
        assert_eq!(
            (unknown.status, unknown.json()["code"].as_str()),
            (404, Some("router_config_not_found")),
            "{unknown:?}"
        );
        assert!(unknown.error().starts_with("[not-found]"));
        assert_eq!(generate(kind, "fast").status, 501);
    }
    assert_eq!(server.call("POST", "/v1/generate/image", &json!({"configId": "nope"})).status, 400);
}
