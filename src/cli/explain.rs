//! `explain`: what an answer of the API means, whether to send the request again, and what to do next.

use std::ffi::OsString;
use std::io::{self, Read as _, Write};

use crate::explain::{self, Explanation};
use crate::report::failure::ABSENT;
use crate::{UntrustedText, local_path, output};
use anyhow::{Context as _, bail};
use clap::Args;

use super::args::SheetName;
use super::{Exit, say, terminal, unwritten};

/// Say what a reason, a code, a status or a pasted answer of the API means, and what to do next
#[derive(Args, Debug)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Explain {
    /// A reason, one of our codes, a task failure code or an HTTP status; several words are joined. - reads a pasted
    /// 400 body, SDK exception, task or log from standard input
    #[arg(value_name = "WHAT", required_unless_present = "retryable")]
    what: Vec<OsString>,
    /// The form of the answer
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT", help_heading = "Output")]
    format: SheetName,
    /// Print never, after-delay or may for a code, and exit with 0 where the request may be sent again, with 1 where
    /// not, with 2 where that is not known
    #[arg(long, value_name = "CODE", conflicts_with_all = ["what", "format"], help_heading = "Exit code")]
    retryable: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  What does this failure code mean?
    runway-preflight explain SAFETY.INPUT.TEXT
  Or this reason?
    runway-preflight explain Timeout while fetching asset.
  Paste the body of a 400, an exception, a task or a log, then press Ctrl-D
    runway-preflight explain -
  Explain a saved answer
    runway-preflight explain --format json - < answer.json
  Send a task again only where that is allowed; an empty code or null counts as INTERNAL
    runway-preflight explain --retryable \"$(jq -r .failureCode task.json)\" && send-again

Exit codes: 0 recognised, 1 not recognised, 2 bad usage. With --retryable: 0 send again, 1 do not, 2 not known.";

impl Explain {
    /// Runs the verb.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(code) = &self.retryable {
            return retryable(code);
        }
        let text = self.text()?;
        let matches = explain::explain(&text);
        if let Err(error) = self.write(&matches) {
            return Ok(unwritten(&error));
        }
        if matches.is_empty() {
            self.lost(&text).lines().for_each(say);
            return Ok(Exit::Rejected);
        }
        Ok(Exit::Accepted)
    }

    /// Returns what is to be explained.
    fn text(&self) -> anyhow::Result<String> {
        if self.what.iter().any(|word| word == "-") {
            if self.what.len() > 1 {
                bail!("- stands alone: either it is read from standard input, or it is on the command line");
            }
            return pasted(io::stdin().lock());
        }
        let words: Vec<_> = self.what.iter().map(|word| word.to_string_lossy()).collect();
        Ok(words.join(" "))
    }

    fn write(&self, matches: &[Explanation]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match self.format {
            SheetName::Text => output::explain_text(matches, terminal::width(false), &mut stdout)?,
            SheetName::Json => output::explain_json(matches, &mut stdout)?,
        }
        stdout.flush()
    }

    /// Says what to do where nothing was recognised.
    fn lost(&self, text: &str) -> String {
        if let Some(state) = explain::non_failed_status(text) {
            return format!("not recognised: this task is {state}, so there is no failure to explain");
        }
        if let [word] = self.what.as_slice()
            && local_path(word.as_encoded_bytes()).is_some_and(|path| path.is_file())
        {
            let name = UntrustedText::new(word.as_encoded_bytes());
            return format!("not recognised; to explain what is in the file: explain - < {}", name.escaped());
        }
        LOST.to_owned()
    }
}

const LOST: &str = "\
not recognised: this is no answer of the API that is known here
Paste the body of the 400 as it came, the exception of the SDK with its message, the task as JSON, a failure code
such as SAFETY.INPUT.TEXT, a status such as 429, or a code of ours such as fetch-failed.";

/// Reads what is pasted, as far as it is looked at.
fn pasted(reader: impl io::Read) -> anyhow::Result<String> {
    let longest = explain::LONGEST as u64;
    let mut bytes = Vec::new();
    reader.take(longest + 1).read_to_end(&mut bytes).context("standard input cannot be read")?;
    if bytes.len() as u64 > longest {
        say("note: standard input has more than 1 MiB; only the first MiB is read");
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Answers a script: whether a request that ended with this code may be sent again.
fn retryable(code: &str) -> anyhow::Result<Exit> {
    let code = code.trim();
    let Some(retry) = explain::retryable(if code.is_empty() { ABSENT } else { code }) else {
        let shown = UntrustedText::from(code);
        bail!(
            "whether to send again after {} is not known: it is no code here, or nothing is published",
            shown.escaped()
        );
    };
    if let Err(error) = writeln!(io::stdout(), "{}", retry.name()) {
        return Ok(unwritten(&error));
    }
    Ok(if retry.should_retry() { Exit::Accepted } else { Exit::Rejected })
}
