//! Hints by status, for servers that match no provider.

use super::server_message::{BotChallenge, Redirect};

/// A status other than 200, and what is known about it.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct StatusProblem<'a> {
    pub(in crate::rules) status: u16,
    /// Whether it is the response to HEAD.
    pub(in crate::rules) is_head: bool,
    /// Whether only HEAD is refused.
    pub(in crate::rules) is_head_only: bool,
    /// Whether the URL is signed.
    pub(in crate::rules) is_signed: bool,
    pub(in crate::rules) redirect: Option<&'a Redirect>,
    pub(in crate::rules) challenge: Option<BotChallenge>,
}

impl StatusProblem<'_> {
    /// Returns what to do about it; `None` where the general hint is as good.
    pub(in crate::rules) fn hint(self) -> Option<&'static str> {
        if self.is_head_only {
            return Some(if self.is_signed {
                "Send an upload, or a URL without a signature: a URL signed for GET rejects HEAD, and the API needs both."
            } else {
                "Configure the server to return the same status and headers for HEAD as for GET."
            });
        }
        match self.status {
            300..=399 => self.redirect.map(redirect_hint),
            _ if self.challenge.is_some() => {
                Some("Allow clients whose User-Agent begins with `RunwayML API/`; `diagnose` compares it with others.")
            }
            401 | 403 if self.is_signed => {
                Some("Sign a new URL right before the request, or send the asset as an upload.")
            }
            401 | 403 => Some(
                "Make the asset public, sign its URL, or allow the User-Agent `RunwayML API/1.0`; `diagnose` finds out which.",
            ),
            404 => Some("Correct the path in the URL, or store the asset there."),
            405 | 501 if self.is_head => Some("Allow HEAD on the server: the API sends HEAD before GET."),
            410 => Some("Get a new link: this one was withdrawn or has expired."),
            426 => Some("Allow HTTP/1.1 with TLS 1.2 or later on the server: it requires a protocol upgrade."),
            429 => Some("Store the file on another host, or send an upload: this host limits the number of requests."),
            451 => Some("Store the file on another host, or send an upload: this host blocks it for legal reasons."),
            500..=599 => Some("Check the server log, or retry later if you do not run the server."),
            _ => None,
        }
    }
}

fn redirect_hint(redirect: &Redirect) -> &'static str {
    match redirect {
        Redirect::Login(_) => "Send the file as an upload: the URL requires a login.",
        Redirect::Signed(_) => {
            "Send the file as an upload, or store it at a public URL: the redirect leads to a signed URL that expires soon."
        }
        Redirect::Elsewhere(target) if target.starts_with("http://") => {
            "Serve the file at this URL: the redirect leads to http://, which the API rejects as well."
        }
        Redirect::Elsewhere(_) => "Send the URL that the redirect leads to.",
        Redirect::SameUrl => {
            "Tell the program behind the proxy that the client uses HTTPS, as with X-Forwarded-Proto: https."
        }
    }
}
