//! `rules import`: converts Runway's `OpenAPI` document to a file of request rules.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::asset::real_path;
use crate::request::RequestSchemas;
use crate::{UntrustedText, request};
use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::output_file;
use super::destination::{Destination, Privacy};
use super::{Exit, notice, output_failed};

/// The flags of `rules import`.
#[derive(Args, Debug)]
#[command(
    about = "Convert Runway's OpenAPI document to a file of request rules, for --rules",
    after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES
)]
pub(crate) struct Import {
    /// The document, as JSON; - reads it from standard input
    #[arg(value_name = "OPENAPI.json")]
    document: PathBuf,
    /// Write the rules to FILE, atomically, instead of standard output
    #[arg(short, long, value_name = "FILE", value_parser = OsStringValueParser::new().try_map(output_file))]
    output: Option<PathBuf>,
    /// Date of the document [default: the modification date of its file]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<Date>,
}

const SHORT_EXAMPLES: &str = "\
Examples:
  runway-preflight rules import openapi.json -o requests.json
  runway-preflight rules --rules requests.json";

const EXAMPLES: &str = "\
Examples:
  Convert the current document, and print the resulting rules
    runway-preflight rules import openapi.json -o requests.json
    runway-preflight rules --rules requests.json
  Read from a pipe, with the publication date
    curl -s https://example.com/openapi.json | runway-preflight rules import --date 2026-08-08 - > requests.json

Constraints other than types, bounds and choices are not checked; they are listed on standard error.

Exit codes: 0 written, 2 unusable document or usage error, 4 output could not be written.";

/// The largest document that is read, in bytes; the one of 2026-08-08 has about 2,000,000.
const MAX_DOCUMENT: u64 = 128 << 20;

impl Import {
    /// Runs the subcommand.
    pub(crate) fn run(self) -> anyhow::Result<Exit> {
        let is_input = |output: &&PathBuf| real_path(output) == real_path(&self.document);
        if let Some(output) = self.output.as_ref().filter(is_input) {
            let shown = UntrustedText::from(output.display().to_string().as_str());
            bail!("{} is an input, which is never changed: name another file for the result", shown.escaped());
        }
        let (mut rules, changed) = rules_of(&self.document)?;
        rules.date = self.date.unwrap_or_else(|| day_of(changed)).to_string();
        note_result(&rules);
        Ok(self.write(&rules.write()))
    }

    fn write(&self, text: &str) -> Exit {
        let destination = match &self.output {
            None => Ok(Destination::stdout()),
            Some(path) => Destination::atomic(path, Privacy::Usual),
        };
        let written = destination.and_then(|mut destination| {
            destination.write_all(text.as_bytes())?;
            destination.commit()
        });
        written.map_or_else(|error| output_failed(&error), |()| Exit::Success)
    }
}

/// Converts the document at `path` to request rules, and returns them with the modification time of the file.
///
/// # Errors
/// Returns an error if the document cannot be read, or yields no usable rules.
pub(super) fn rules_of(path: &Path) -> anyhow::Result<(RequestSchemas, Option<SystemTime>)> {
    let shown = UntrustedText::from(path.display().to_string().as_str()).escaped().to_string();
    let (text, changed) = read(path).with_context(|| format!("{shown} cannot be read"))?;
    let text = text.trim_start_matches('\u{feff}');
    let document = serde_json::from_str(text).map_err(|error| anyhow!("{shown} is not JSON: {error}"))?;
    let rules = request::from_openapi(&document).with_context(|| shown.clone())?;
    rules.check().with_context(|| format!("the rules of {shown} cannot be used"))?;
    Ok((rules, changed))
}

/// Prints the number of imported endpoints and what could not be imported.
fn note_result(rules: &RequestSchemas) {
    let RequestSchemas { source, date, endpoints, .. } = rules;
    let source = UntrustedText::from(source.as_str());
    notice(&format!("note: {} endpoints of {}, {date}", endpoints.len(), source.escaped()));
    note_unread(rules);
}

/// Lists the parts of the document that rules cannot express.
pub(super) fn note_unread(RequestSchemas { unread, .. }: &RequestSchemas) {
    if !unread.is_empty() {
        notice(&format!(
            "note: {} parts of the document cannot be expressed as rules and are not checked:",
            unread.len()
        ));
    }
    for place in unread {
        notice(&format!("  {}", UntrustedText::from(place.as_str()).escaped()));
    }
}

/// Reads a document, and the modification time of its file; a stream has none.
fn read(path: &Path) -> anyhow::Result<(String, Option<SystemTime>)> {
    let (reader, changed): (Box<dyn Read>, _) = if path.as_os_str() == "-" {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            bail!("it is a directory");
        }
        (Box::new(file), metadata.modified().ok())
    };
    let mut text = String::new();
    if reader.take(MAX_DOCUMENT + 1).read_to_string(&mut text)? as u64 > MAX_DOCUMENT {
        bail!("it is larger than {} MiB", MAX_DOCUMENT >> 20);
    }
    Ok((text, changed))
}

/// Returns the date of a time in UTC, or today's date without one.
pub(crate) fn day_of(time: Option<SystemTime>) -> Date {
    let time = time.and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_else(Timestamp::now);
    time.to_zoned(TimeZone::UTC).date()
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a date such as 2026-09-23".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_converted_to_utc_dates() {
        let case = |seconds: u64, day: &str| {
            assert_eq!(day_of(Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))).to_string(), day);
        };
        case(0, "1970-01-01");
        case(1_790_121_599, "2026-09-22");
        case(1_790_121_600, "2026-09-23");
        assert!(day_of(None) > Date::constant(2026, 1, 1));
    }

    #[test]
    fn only_iso_dates_are_accepted() {
        assert_eq!(date("2026-09-23").map(|day| day.to_string()), Ok("2026-09-23".to_owned()));
        for text in ["", "2026", "2026-13-01", "23.09.2026", "2026-02-30", "yesterday"] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
