//! Some case triggers each of the API's reasons, and every rule has a unique name.

use super::*;
use crate::finding::Reason;
use crate::observation::DnsError;
use crate::rules::{RULES, size_limit};
use crate::units::Bytes;

fn scenes() -> Vec<Scene> {
    let mut scenes = vec![
        Scene::new(&format!("https://h.com/{}", "a".repeat(2048))),
        Scene::new(&format!("runway://{}", "a".repeat(5000))),
        Scene::new("data:image/png,AAAA"),
        Scene::new("data:;base64,AAAA"),
        Scene::new("https://h h.com/"),
        Scene::new("http://h.com/a.png"),
        Scene::new("https://11.22.33.44/foo"),
        Scene::of(image(Format::Png, 9000, 5000), "image/png"),
        Scene::of(image(Format::Png, 1170, 2532), "image/png").model("gen4.5"),
        Scene::of(image(Format::Png, 100, 100), "application/octet-stream"),
        Scene::of(image(Format::Png, 100, 100), "text/html"),
    ];
    let mut long = Scene::new("");
    long.asset = Asset::truncated(b"data:image/png;base64,AAAA".to_vec(), 5_242_881);
    scenes.push(long);
    let mut with = |change: fn(&mut Scene)| {
        let mut scene = Scene::good();
        change(&mut scene);
        scenes.push(scene);
    };
    with(|scene| scene.observation.head = failed(FetchError::Dns(DnsError::NotFound)));
    with(|scene| scene.observation.head = answer(404, &[]));
    with(|scene| scene.observation.body.elapsed = Duration::from_secs(11));
    with(|scene| scene.observation.head = answer(200, &[("content-type", "image/png")]));
    with(|scene| {
        scene.observation.head = answer(200, &[("content-type", "image/png"), ("content-length", "99999999")]);
    });
    with(|scene| {
        let mut media = Media::new(Format::Mp3);
        media.duration = Some(crate::media::Measured::exact(Duration::from_secs(1)));
        scene.observation.content = ContentState::Media(Box::new(media));
        scene.both(200, &[("content-type", "audio/mpeg"), ("content-length", "1000")]);
        scene.expectations.model = Some("eleven_voice_isolation".to_owned());
    });
    scenes
}

#[test]
fn every_reason_is_triggered_as_the_api_answer() {
    let first: Vec<String> = scenes()
        .iter()
        .map(|scene| {
            let findings = scene.findings();
            let marked: Vec<&Finding> = findings.iter().filter(|finding| finding.is_api_finding).collect();
            assert_eq!(marked.len(), 1, "{}", codes(&findings));
            marked[0].code().to_owned()
        })
        .collect();
    for reason in Reason::examples() {
        assert!(first.iter().any(|code| code == reason.info().code), "{}: {first:?}", reason.info().code);
    }
}

#[test]
fn an_error_without_a_sentence_is_never_marked() {
    let mut scene = Scene::good();
    scene.observation.content = ContentState::Unreadable { format: Format::Gif, at: 0, what: "GIF" };
    assert!(scene.findings().iter().all(|finding| !finding.is_api_finding));
}

#[test]
fn rules_have_unique_names_and_are_in_order() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert!(RULES.iter().map(|rule| rule.stage).is_sorted());
    assert!(RULES.iter().all(|rule| rule.source == "ours" || rule.source.starts_with("https://")));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
}

#[test]
fn downloads_end_at_the_limit_of_the_kind() {
    let rules = RuleSet::embedded();
    assert_eq!(size_limit(rules, Some(Kind::Image)), Bytes::mib(16));
    assert_eq!(size_limit(rules, Some(Kind::Video)), Bytes::mib(32));
    assert_eq!(size_limit(rules, Some(Kind::Audio)), Bytes::mib(32));
    assert_eq!(size_limit(rules, None), Bytes::mib(32));
}
