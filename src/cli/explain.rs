//! `explain`: explains what a response of the API means, whether to retry, and what to do next.

use std::ffi::OsString;
use std::io::{self, Read as _, Write};

use crate::asset::path as local_path;
use crate::explain::{self, Explanation};
use crate::output::Style;
use crate::report::failure::DEFAULT_CODE;
use crate::{UntrustedText, output};
use anyhow::{Context as _, bail};
use clap::Args;

use super::args::{ColorChoice, InfoFormat};
use super::{Exit, notice, output_failed, terminal};

/// Explain a message, code, status or pasted response of the API, and what to do next
#[derive(Args, Debug)]
#[command(after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Explain {
    /// A message, reason code, task failure code or HTTP status; several words are joined. - reads a pasted 400 body,
    /// SDK exception, task or log from standard input
    #[arg(value_name = "WHAT", required_unless_present_any = ["retryable", "list"])]
    what: Vec<OsString>,
    /// Output format
    #[arg(short, long, value_enum, default_value = "text", value_name = "FORMAT", help_heading = "Output")]
    format: InfoFormat,
    /// Whether to use color
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        help_heading = "Output",
        hide_short_help = true
    )]
    color: ColorChoice,
    /// List every known code with its meaning
    #[arg(long, conflicts_with_all = ["what", "retryable"])]
    list: bool,
    /// Print never, after-delay or may for a code; exit with 0 to retry, 1 not to, 2 where it is unknown
    #[arg(long, value_name = "CODE", conflicts_with_all = ["what", "format"], help_heading = "Exit code")]
    retryable: Option<String>,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight explain SAFETY.INPUT.TEXT
  runway-preflight explain - < answer.json";

const EXAMPLES: &str = "\
Examples:
  What does this failure code mean?
    runway-preflight explain SAFETY.INPUT.TEXT
  Or this message?
    runway-preflight explain Timeout while fetching asset.
  Paste a 400 response body, an exception, a task or a log, then press Ctrl-D
    runway-preflight explain -
  Explain a saved response
    runway-preflight explain --format json - < answer.json
  Every known code
    runway-preflight explain --list
  Retry a task only if that may help; an empty or null code counts as INTERNAL
    runway-preflight explain --retryable \"$(jq -r .failureCode task.json)\" && send-again

Exit codes: 0 recognized, 1 not recognized, 2 usage error. With --retryable: 0 retry, 1 do not, 2 unknown.";

impl Explain {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        if let Some(code) = &self.retryable {
            return retryable(code);
        }
        if self.list {
            let written = self.write(&explain::known(), output::explain_codes);
            return Ok(written.map_or_else(|error| output_failed(&error), |()| Exit::Success));
        }
        let text = self.text()?;
        let matches = explain::explain(&text);
        if let Err(error) = self.write(&matches, output::explain_text) {
            return Ok(output_failed(&error));
        }
        // Of a sentence that is recognized, a word may still resemble a code.
        let is_clear = !matches.is_empty() && text.trim().contains(char::is_whitespace);
        let meant = if is_clear { None } else { did_you_mean(&text) };
        if matches.is_empty() {
            self.unrecognized(&text, meant.as_deref()).lines().for_each(notice);
            return Ok(Exit::Failure);
        }
        if let Some(meant) = meant {
            notice(&format!("note: {meant}"));
        }
        Ok(Exit::Success)
    }

    /// Returns the text to explain.
    fn text(&self) -> anyhow::Result<String> {
        if self.what.iter().any(|word| word == "-") {
            if self.what.len() > 1 {
                bail!("- cannot be combined with other words");
            }
            terminal::prompt("Paste the response, then press Ctrl-D.");
            return pasted(io::stdin().lock());
        }
        let words: Vec<_> = self.what.iter().map(|word| word.to_string_lossy()).collect();
        Ok(words.join(" "))
    }

    fn write(
        &self,
        matches: &[Explanation],
        text: fn(&[Explanation], Style, &mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        let (width, color) = (terminal::width(false), terminal::color(self.color, false));
        match self.format {
            InfoFormat::Text => text(matches, Style { width, color, ..Style::plain() }, &mut stdout)?,
            InfoFormat::Json => output::explain_json(matches, &mut stdout)?,
        }
        stdout.flush()
    }

    /// Returns advice for input that was not recognized.
    fn unrecognized(&self, text: &str, meant: Option<&str>) -> String {
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
        meant.map_or_else(|| UNRECOGNIZED.to_owned(), |meant| format!("not recognized; {meant}"))
    }
}

/// Asks whether a text means a known code.
fn did_you_mean(text: &str) -> Option<String> {
    let meant = explain::suggestions(text);
    (!meant.is_empty()).then(|| format!("did you mean {}?", meant.join(" or ")))
}

const UNRECOGNIZED: &str = "\
not recognized: not a known API response
Paste the body of the 400, the SDK's exception with its message, the task as JSON, a failure code such as \
SAFETY.INPUT.TEXT, a status such as 429, or a reason code such as fetch-failed.";

/// Reads the pasted text, up to the length limit of the parser.
fn pasted(reader: impl io::Read) -> anyhow::Result<String> {
    let longest = explain::MAX_LENGTH as u64;
    let mut bytes = Vec::new();
    reader.take(longest + 1).read_to_end(&mut bytes).context("standard input cannot be read")?;
    if bytes.len() as u64 > longest {
        notice("note: standard input has more than 1 MiB; only the first MiB is read");
    }
    Ok(decoded(&bytes))
}

/// Decodes a text, which Windows PowerShell writes as UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let (is_little, rest) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (true, rest),
        [0xFE, 0xFF, rest @ ..] => (false, rest),
        _ => return String::from_utf8_lossy(bytes).into_owned(),
    };
    let unit = |pair: &[u8; 2]| if is_little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let units: Vec<u16> = rest.as_chunks().0.iter().map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// Prints whether a request that failed with this code may be retried, and returns the matching exit.
fn retryable(code: &str) -> anyhow::Result<Exit> {
    let code = code.trim();
    let Some(retry) = explain::retryable(if code.is_empty() { DEFAULT_CODE } else { code }) else {
        let shown = UntrustedText::from(code);
        let meant = did_you_mean(code).map_or_else(String::new, |meant| format!("; {meant}"));
        bail!("unknown code, or nothing is published about retrying: {}{meant}", shown.escaped());
    };
    if let Err(error) = writeln!(io::stdout(), "{}", retry.name()) {
        return Ok(output_failed(&error));
    }
    Ok(if retry.should_retry() { Exit::Success } else { Exit::Failure })
}
