//! Time that this machine loses is not the host's.

use std::time::Duration;

use super::super::server::Server;
use super::{error_of, options, probe};
use crate::fetch::{Depth, ProbeOptions};
use crate::observation::{FetchError, Phase};

#[tokio::test]
async fn a_stall_while_a_connection_is_opened_does_not_end_the_attempt() {
    let (server, _listener) = Server::silent().await;
    let options = ProbeOptions { timeout: Duration::from_millis(500), ..options(Depth::Full) };
    let stall = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        // Longer than the HTTP client's own limit, which is a second above the timeout.
        std::thread::sleep(Duration::from_secs(2));
    };
    let (observation, ()) = tokio::join!(probe(&server, "/", options), stall);
    let expected = FetchError::Timeout { phase: Phase::Tls, timeout: options.timeout };
    assert_eq!(error_of(&observation.head), expected);
}
