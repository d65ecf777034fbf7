//! Bytes that a server sends without being asked: a warning for the asset that sent them, and never another asset's
//! answer.

use serde_json::Value;

use crate::program::program;
use crate::server::{Request, Server};

/// Checks assets one after the other, each given by its host and path.
fn check(server: &Server, assets: &[(&str, &str)], flags: &[&str]) -> Vec<Value> {
    let urls: Vec<String> = assets.iter().map(|(host, path)| server.url(host, path)).collect();
    let run = program().args(["check", "--format", "jsonl"]).args(flags).args(server.flags());
    run.arg("-").stdin(urls.join("\n")).run().json_lines()
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let codes = findings.filter_map(|finding| finding["code"].as_str());
    // The test server has no port of its own.
    codes.filter(|code| *code != "unusual-port").collect()
}

/// Returns the connections on which a path was requested.
fn connections(server: &Server, path: &str) -> Vec<usize> {
    let requests = server.requests().into_iter().filter(|request| request.path == path);
    requests.map(|request| request.connection).collect()
}

#[test]
fn late_answers_are_a_warning_for_their_asset_and_answer_for_no_other() {
    for flags in [&["-j", "1"][..], &["--per-host", "1"], &[]] {
        let server = Server::start();
        let paths: Vec<String> = (0..5)
            .flat_map(|round| [format!("/fault/answers-follow?{round}"), format!("/status/404/{round}")])
            .collect();
        let assets: Vec<_> = paths.iter().map(|path| ("cdn", path.as_str())).collect();
        let reports = check(&server, &assets, flags);
        let is_told = |report: &Value| codes(report) == ["excess-body-bytes"];
        for report in reports.iter().step_by(2) {
            assert!(is_told(report) || codes(report).is_empty(), "{flags:?}: {report:#}");
            assert_eq!(report["verdict"], "accepted", "{flags:?}");
        }
        // A busy server sends some of them too late.
        assert!(reports.iter().step_by(2).any(is_told), "no asset is told of its surplus with {flags:?}");
        for (report, path) in reports.iter().zip(&paths).skip(1).step_by(2) {
            assert_eq!(codes(report), ["http-status"], "{path} {flags:?}: {report:#}");
        }
        // A busy server sends the surplus so late that another folder may be on its connection: that is fetched again.
        let requests = server.requests();
        for path in paths.iter().skip(1).step_by(2) {
            let last = requests.iter().rfind(|request| request.path == *path).expect("it was fetched");
            let is_stray = |earlier: &Request| earlier.path.contains("answers-follow") && earlier.method == "GET";
            let mut earlier = requests.iter().filter(|earlier| earlier.connection == last.connection);
            assert!(!earlier.any(|earlier| earlier.before < last.before && is_stray(earlier)), "{path} {flags:?}");
        }
    }
}

#[test]
fn answers_to_requests_that_were_not_yet_sent_are_not_used() {
    // They arrive while the connection is idle, whichever folder is next on it.
    for next in ["/status/404", "/fault/get-404"] {
        let server = Server::start();
        let assets = [("cdn", "/fault/answers-follow-later"), ("other", "/wait/100/fault/good"), ("cdn", next)];
        let reports = check(&server, &assets, &["-j", "1"]);
        let code = if next == "/status/404" { vec!["http-status"] } else { vec!["http-status", "head-get-differ"] };
        assert_eq!(codes(&reports[2]), code, "{:#}", reports[2]);
        let (first, then) = (connections(&server, "/fault/answers-follow-later"), connections(&server, next));
        assert_eq!((first.len(), then.len()), (2, 2));
        assert!(!then.contains(&first[1]), "{next} was asked for on the connection with too many answers");
    }
}

#[test]
fn an_answer_before_the_first_request_leaves_the_verdict_open() {
    let server = Server::start();
    let paths = ["/status/404", "/fault/good", "/fault/get-404"];
    let early = paths.map(|path| ("answers-first", path));
    let assets = [&early[..], &[("cdn", "/fault/good")]].concat();
    let reports = check(&server, &assets, &["-j", "1"]);
    for report in &reports[..paths.len()] {
        assert_eq!(
            (&report["verdict"], codes(report)),
            (&"undecided".into(), vec!["ambiguous-response"]),
            "{report:#}"
        );
    }
    assert_eq!((&reports[3]["verdict"], codes(&reports[3])), (&"accepted".into(), vec![]), "{:#}", reports[3]);
}
