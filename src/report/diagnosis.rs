//! The diagnosis of one URL across clients.

use std::time::Duration;

use crate::observation::timing::RequestTrace;
use crate::observation::{BodyTransfer, Observation, RequestOutcome};
use crate::report::Report;

/// Everything about one URL.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The report of `check`: the responses to the API's own requests, evaluated.
    pub report: Report,
    /// What each client got, the API first; empty where nothing was requested.
    pub clients: Vec<ClientResult>,
    /// The trace of the API's requests.
    pub trace: Option<RequestTrace>,
    /// How long the API's requests took together; `None` if none got a response.
    pub elapsed: Option<Duration>,
    /// The API's time limit.
    pub limit: Duration,
    /// The summary, in one sentence.
    pub summary: String,
    /// The API's requests as commands for a POSIX shell; none where the URL cannot be requested.
    pub commands: Vec<String>,
}

/// What one client got.
#[derive(Clone, Debug)]
pub struct ClientResult {
    /// Which client it is.
    pub agent: UserAgent,
    /// The outcome of the HEAD request.
    pub head: RequestOutcome,
    /// The outcome of the GET request.
    pub get: RequestOutcome,
    /// How the body of the GET ended.
    pub body: BodyTransfer,
}

impl ClientResult {
    /// Extracts the result of one client from an observation.
    #[must_use]
    pub fn new(agent: UserAgent, observation: Observation) -> Self {
        let Observation { head, get, body, .. } = observation;
        Self { agent, head, get, body }
    }
}

/// A client; only the User-Agent differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserAgent {
    /// The API.
    Runway,
    /// curl, as a program that identifies itself.
    Curl,
    /// A browser.
    Browser,
}

impl UserAgent {
    /// Every client, the API first.
    pub const ALL: [Self; 3] = [Self::Runway, Self::Curl, Self::Browser];

    /// Returns the value of the User-Agent field.
    #[must_use]
    pub const fn header_value(self) -> &'static str {
        match self {
            Self::Runway => "RunwayML API/1.0",
            Self::Curl => "curl/8.5.0",
            Self::Browser => {
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
            }
        }
    }

    /// Returns a short name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Runway => "RunwayML API/1.0",
            Self::Curl => "curl/8.5.0",
            Self::Browser => "a browser (Chrome)",
        }
    }
}
