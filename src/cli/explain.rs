//! `explain`: what a response of the API means, whether to retry, and what to do next.

use std::ffi::OsString;
use std::io::{self, Read as _, Write};

use crate::asset::path as local_path;
use crate::explain::{self, Explanation};
use crate::report::failure::ABSENT;
use crate::{UntrustedText, output};
use anyhow::{Context as _, bail};
use clap::Args;

use super::args::InfoFormat;
use super::{Exit, notice, output_failed, terminal};

/// Explain a message, code, status or pasted response of the API, and what to do next
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Explain {
    /// A message, reason code, task failure code or HTTP status; several words are joined. - reads a pasted 400 body,
    /// SDK exception, task or log from standard input
    #[arg(value_name = "WHAT", required_unless_present = "retryable")]
    what: Vec<OsString>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT", help_heading = "Output")]
    format: InfoFormat,
    /// Print never, after-delay or may for a code; exit with 0 where the request may be retried, 1 where not, 2 where
    /// unknown
    #[arg(long, value_name = "CODE", conflicts_with_all = ["what", "format"], help_heading = "Exit code")]
    retryable: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  What does this failure code mean?
    runway-preflight explain SAFETY.INPUT.TEXT
  Or this message?
    runway-preflight explain Timeout while fetching asset.
  Paste the body of a 400, an exception, a task or a log, then press Ctrl-D
    runway-preflight explain -
  Explain a saved response
    runway-preflight explain --format json - < answer.json
  Retry a task only where that may help; an empty code or null counts as INTERNAL
    runway-preflight explain --retryable \"$(jq -r .failureCode task.json)\" && send-again

Exit codes: 0 recognized, 1 not recognized, 2 usage error. With --retryable: 0 retry, 1 do not, 2 unknown.";

impl Explain {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(code) = &self.retryable {
            return retryable(code);
        }
        let text = self.text()?;
        let matches = explain::explain(&text);
        if let Err(error) = self.write(&matches) {
            return Ok(output_failed(&error));
        }
        if matches.is_empty() {
            self.unrecognized(&text).lines().for_each(notice);
            return Ok(Exit::Rejected);
        }
        Ok(Exit::Accepted)
    }

    /// Returns the text to explain.
    fn text(&self) -> anyhow::Result<String> {
        if self.what.iter().any(|word| word == "-") {
            if self.what.len() > 1 {
                bail!("- cannot be combined with other words");
            }
            return pasted(io::stdin().lock());
        }
        let words: Vec<_> = self.what.iter().map(|word| word.to_string_lossy()).collect();
        Ok(words.join(" "))
    }

    fn write(&self, matches: &[Explanation]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match self.format {
            InfoFormat::Text => output::explain_text(matches, terminal::width(false), &mut stdout)?,
            InfoFormat::Json => output::explain_json(matches, &mut stdout)?,
        }
        stdout.flush()
    }

    /// Returns what to do where nothing was recognized.
    fn unrecognized(&self, text: &str) -> String {
        if let Some(state) = explain::non_failed_status(text) {
            return format!("not recognized: this task is {state}, so there is no failure to explain");
        }
        if let [word] = self.what.as_slice()
            && local_path(word.as_encoded_bytes()).is_some_and(|path| path.is_file())
        {
            let name = UntrustedText::new(word.as_encoded_bytes());
            return format!(
                "not recognized; to explain the text in the file: runway-preflight explain - < {}",
                name.escaped()
            );
        }
        UNRECOGNIZED.to_owned()
    }
}

const UNRECOGNIZED: &str = "\
not recognized: not a known API response
Paste the body of the 400, the SDK's exception with its message, the task as JSON, a failure code such as
SAFETY.INPUT.TEXT, a status such as 429, or a reason code such as fetch-failed.";

/// Reads the pasted text, up to the longest that is parsed.
fn pasted(reader: impl io::Read) -> anyhow::Result<String> {
    let longest = explain::MAX_LENGTH as u64;
    let mut bytes = Vec::new();
    reader.take(longest + 1).read_to_end(&mut bytes).context("standard input cannot be read")?;
    if bytes.len() as u64 > longest {
        notice("note: standard input has more than 1 MiB; only the first MiB is read");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Tells a script whether a request that ended with this code may be retried.
fn retryable(code: &str) -> anyhow::Result<Exit> {
    let code = code.trim();
    let Some(retry) = explain::retryable(if code.is_empty() { ABSENT } else { code }) else {
        let shown = UntrustedText::from(code);
        bail!("unknown code, or nothing is published about retrying: {}", shown.escaped());
    };
    if let Err(error) = writeln!(io::stdout(), "{}", retry.name()) {
        return Ok(output_failed(&error));
    }
    Ok(if retry.should_retry() { Exit::Accepted } else { Exit::Rejected })
}
