//! URLs of image services.

use crate::program::{Outcome, program};
use crate::server::Server;

fn fix(arguments: &[&str]) -> Outcome {
    program().args(["fix", "--offline"]).args(arguments).run()
}

#[test]
fn a_url_is_rewritten_without_network() {
    fix(&["--to", "jpeg", "https://acme.imgix.net/photo.avif?auto=format"])
        .exit_code(0)
        .stdout_contains("-> https://acme.imgix.net/photo.avif?w=8000&h=8000&fit=max&fm=jpg")
        .stdout_contains("the picture was not fetched");
    fix(&["https://static.wixstatic.com/media/11_ab~mv2.png/v1/fill/w_9000,h_4000,enc_avif/a.png"])
        .exit_code(0)
        .stdout_contains("-> https://static.wixstatic.com/media/11_ab~mv2.png/v1/fit/w_5000,h_5000/file.jpg");
}

#[test]
fn a_signed_url_needs_signing_again() {
    let outcome = fix(&["-f", "json", "https://acme.imgix.net/photo.jpg?s=0123456789abcdef"]).exit_code(0);
    let json = outcome.json();
    assert_eq!(json["output"], "https://acme.imgix.net/photo.jpg?w=8000&h=8000&fit=max");
    assert!(json["message"].as_str().is_some_and(|message| message.contains("sign this URL before you use it")));
    outcome.output_lacks("0123456789abcdef");
}

#[test]
fn secrets_of_an_address_are_not_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    let report = format!("html={}", page.display());
    for url in [
        "https://user:SEKRIT@acme.imgix.net/a.png?w=10&token=SEKRIT#SEKRIT",
        "https://user:SEKRIT@cdn.shopify.com/s/files/1/a.png?token=SEKRIT&v=1",
        "https://SEKRIT@images.ctfassets.net/a.png?token=SEKRIT",
        "http://user:SEKRIT@p.supabase.co/storage/v1/object/sign/b/a.png?token=SEKRIT",
        "https://example.com/cdn-cgi/image/w=9000/https://user:SEKRIT@example.com/a.png?token=SEKRIT",
    ] {
        for format in ["text", "json", "html"] {
            fix(&["-f", format, "--report", &report, url]).output_lacks("SEKRIT");
        }
        assert!(!std::fs::read_to_string(&page).expect("a page").contains("SEKRIT"), "{url}");
    }
    let hidden = fix(&["https://u:p@acme.imgix.net/a.png?w=10&token=SEKRIT"]).exit_code(0);
    hidden
        .line(
            "planned: https://acme.imgix.net/a.png?w=10&token=[redacted] -> \
             https://acme.imgix.net/a.png?token=[redacted]&w=8000&h=8000&fit=max",
        )
        .stdout_contains("values of its query are hidden: --show-query shows them");
    let shown = ["--show-query", "https://u:SEKRIT@acme.imgix.net/a.png?w=10&token=abc"];
    let outcome = fix(&shown).exit_code(0).output_lacks("SEKRIT").output_lacks("hidden");
    outcome.stdout_contains("-> https://acme.imgix.net/a.png?token=abc&w=8000&h=8000&fit=max");
    let in_ci = program().env("CI", "true").args(["fix", "--offline"]).args(shown).run();
    in_ci.exit_code(2).stderr_contains("--show-query is refused");
}

#[test]
fn a_rewritten_address_is_https() {
    fix(&["http://acme.imgix.net:80/a.png"])
        .exit_code(0)
        .stdout_contains("-> https://acme.imgix.net/a.png?w=8000&h=8000&fit=max");
}

#[test]
fn what_is_no_file_and_no_address_is_refused() {
    fix(&["https://cdn.example.com/photo.jpg"])
        .exit_code(1)
        .stdout_contains("it has to be downloaded, which --offline forbids");
    fix(&["data:image/gif;base64,R0lGODlhAQABAAAAACw="])
        .exit_code(1)
        .stdout_contains("only local files and https addresses");
}

#[test]
fn the_rewritten_address_is_checked_online() {
    let server = Server::start();
    let fix = |arguments: &[&str]| program().arg("fix").args(server.flags()).args(arguments).run();
    let url = server.url("cdn", "/cdn-cgi/image/quality=90/2400x1000.png");
    let model = ["-f", "json", "--model", "gen4_turbo", &url];
    let needs = fix(&model).exit_code(1).json();
    assert!(needs["message"].as_str().is_some_and(|message| message.contains("--crop or --pad")), "{needs}");
    let fixed = fix(&[&model[..], &["--crop"]].concat()).exit_code(0).json();
    assert_eq!(fixed["outcome"], "fixed");
    assert!(fixed["output"].as_str().is_some_and(|url| url.contains("width=2358,height=1000")), "{fixed}");
    assert_eq!(fixed["after"]["observed"]["media"]["width"], 2358);
    assert_eq!(fixed["after"]["verdict"], "accepted");
    let asked = server.requests();
    assert!(asked.iter().any(|request| request.path.contains("width=2358,height=1000")), "{asked:?}");
    // What the service does not deliver is no fix.
    let same = server.url("cdn", "/cdn-cgi/image/quality=90/same-2400x1000.png");
    let refused = fix(&["-f", "json", "--model", "gen4_turbo", "--crop", &same]).exit_code(1).json();
    assert_eq!((&refused["outcome"], &refused["after"]["verdict"]), (&"still-rejected".into(), &"rejected".into()));
}
