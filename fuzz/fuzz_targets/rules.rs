//! Files that replace the rules of the program: asset rules, request rules, layers over them, and the OpenAPI
//! documents that request rules are read from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use runway_preflight::request::assets::assets;
use runway_preflight::request::endpoint::endpoints_matching;
use runway_preflight::request::overlay::Overlay;
use runway_preflight::request::validate::validate;
use runway_preflight::request::{EMBEDDED, RequestSchemas, from_openapi};
use runway_preflight::rules::limits::Metric;
use runway_preflight::{Asset, Document, Engine, CheckOptions, RuleSet};
use runway_preflight_fuzz::{Scripted, finished, in_time, said};

fuzz_target!(|text: &[u8]| in_time(text, || check(text)));

fn check(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    asset_rules(text);
    if let Ok(requests) = RequestSchemas::read(text) {
        request_rules(&requests);
    }
    if let Ok(layer) = Overlay::read(text) {
        request_rules(&EMBEDDED.clone().with(&layer));
    }
    if let Some(Ok(requests)) = serde_json::from_str(text).ok().map(|openapi| from_openapi(&openapi)) {
        requests.check().expect("what is imported can be used");
        request_rules(&requests);
    }
}

/// Rules that are accepted can be listed and evaluated.
fn asset_rules(text: &str) {
    let rules = match RuleSet::parse(text) {
        Ok(rules) => rules,
        Err(error) => {
            assert_eq!(RuleSet::parse(text).err().map(|again| again.to_string()), Some(error.to_string()));
            return;
        }
    };
    assert!(
        Metric::ALL
            .iter()
            .flat_map(|measure| rules.limits(*measure))
            .all(|bound| bound.min().is_some() || bound.max().is_some())
    );
    let listed = rules.rows().count();
    assert_eq!(rules.rows().count(), listed);
    let engine = Engine::new(Scripted::default(), &rules, CheckOptions { offline: true, ..CheckOptions::default() });
    for text in ["https://cdn.example.com/a.png", "data:image/png;base64,iVBORw0KGgo=", "http://h"] {
        let one = said(&finished(engine.check(Asset::new(text))));
        assert_eq!(said(&finished(engine.check(Asset::new(text)))), one);
    }
}

/// Rules that are accepted are written and read again unchanged, and validate any body.
fn request_rules(requests: &RequestSchemas) {
    if requests.check().is_err() {
        return;
    }
    let again = RequestSchemas::read(&requests.write()).expect("what was written can be read");
    assert_eq!(again, *requests);
    const BODIES: [&str; 4] = [
        r#"{"model": "gen4_turbo", "promptImage": "https://h.com/a.png", "ratio": "1280:720", "duration": 5}"#,
        r#"{"a": [{"a": [1, 1.5, "x", null, true, {}]}], "b": {"b": {"b": ""}}, "type": "a"}"#,
        "{}",
        "[]",
    ];
    for body in BODIES {
        let document = Document::read(body.as_bytes()).expect("JSON");
        let _ = endpoints_matching(requests, document.value());
        for endpoint in requests.endpoints.keys() {
            let issues = validate(requests, endpoint, document.value());
            assert_eq!(validate(requests, endpoint, document.value()).listed().len(), issues.listed().len());
            let _ = assets(requests, endpoint, &document);
        }
    }
}
