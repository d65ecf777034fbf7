//! Bodies that the official SDKs sent, as `tests/sdk/record.sh` recorded them: all of them are accepted.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::program::program;

#[test]
fn bodies_of_the_official_sdks_are_accepted() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/bodies/sdk");
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder).expect("recorded bodies").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut count = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
        let recorded: Vec<Value> =
            serde_json::from_str(&fs::read_to_string(file).expect("a file")).expect("a list of requests");
        for request in recorded {
            let endpoint = request["endpoint"].as_str().expect("an endpoint");
            let body = request["body"].to_string();
            let check = || program().args(["body", "--offline", "-"]).stdin(body.as_str());
            check().args(["--endpoint", endpoint]).run().exit_code(0).output_lacks("error[");
            // Without --endpoint, it is detected from the body, or listed among the candidates.
            let told = check().args(["-f", "json"]).run();
            if told.status == 2 {
                told.stderr_contains(endpoint);
            } else {
                assert_eq!(told.json()["requests"][0]["endpoint"], endpoint, "{told}");
            }
            count += 1;
        }
    }
    assert!(count >= 60, "{count} recorded bodies");
}
