//! The options of a run: what the assets are for, and the limits on requests and time.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Counters, Ignored};
use crate::fetch::Depth;
use crate::rules::Expectations;
use crate::text::secret::QueryRedaction;

/// Options of a run.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// What the assets are for.
    pub expectations: Expectations,
    /// How much of each URL is fetched.
    pub depth: Depth,
    /// Time for the download of one asset; the API's is ten seconds.
    pub timeout: Duration,
    /// The maximum number of assets that are checked concurrently.
    pub jobs: usize,
    /// The maximum number of assets of one host that are checked concurrently.
    pub per_host: usize,
    /// How often a URL is fetched again after a failure that may be transient: no response, a timeout or a 5xx status.
    pub retries: u8,
    /// Whether nothing is fetched.
    pub offline: bool,
    /// Whether warnings are errors.
    pub strict: bool,
    /// Warnings that are reported as notes.
    pub ignored: Vec<Ignored>,
    /// Whether reports show the values of query parameters.
    pub queries: QueryRedaction,
    /// The counters of the run.
    pub tally: Arc<Counters>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            expectations: Expectations::default(),
            depth: Depth::Full,
            timeout: RUNWAY_TIMEOUT,
            jobs: 16,
            per_host: 4,
            retries: 0,
            offline: false,
            strict: false,
            ignored: Vec::new(),
            queries: QueryRedaction::Redact,
            tally: Arc::default(),
        }
    }
}

/// The API's time limit for downloading an asset. Source: the troubleshooting page, "longer than ten seconds".
pub const RUNWAY_TIMEOUT: Duration = Duration::from_secs(10);
