//! What is around the assets: head, policy, style, filter, summary and script.

use std::io::{self, Write};

use crate::output::escape::html::text;
use crate::output::{RunInfo, message};
use crate::report::Summary;
use crate::units::{Bytes, seconds};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// What the page may do: show pictures that are in it or next to it, and run the one script above, known by its hash.
/// `BLESS=1 cargo test --test tests -- html` writes the hashes.
const POLICY: &str = include_str!("policy.txt");

/// Writes everything that is known before the first result.
pub(super) fn begin(writer: &mut impl Write, title: &str, run: &RunInfo) -> io::Result<()> {
    let (name, version, policy) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), text(POLICY.trim_end()));
    let rules = format!("Rules of {} ({})", text(&run.rules.read), text(&run.rules.origin));
    let deviates =
        if run.matches_api { String::new() } else { format!("\n<p class=\"note\">{}</p>", text(message::DEVIATES)) };
    writeln!(
        writer,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <meta name=\"referrer\" content=\"no-referrer\" />\n\
         <meta name=\"color-scheme\" content=\"light dark\" />\n\
         <link rel=\"icon\" href=\"data:,\" />\n\
         <title>{title} - {name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n<p>{rules}, {name} {version}</p>{deviates}\n</header>\n{FILTER}\n<main>"
    )
}

/// The controls; the script fills them and shows them.
const FILTER: &str = "<form id=\"filter\" hidden=\"\">\n\
    <label>Verdict <select name=\"verdict\"><option value=\"\">all</option></select></label>\n\
    <label>Code <select name=\"code\"><option value=\"\">all</option></select></label>\n\
    <label>Host <select name=\"host\"><option value=\"\">all</option></select></label>\n\
    <button type=\"reset\">Reset</button>\n<output></output>\n</form>";

/// A number of the summary.
#[derive(Debug)]
pub(super) struct Tile {
    /// The verdict that gives it its color; empty for none.
    pub(super) class: &'static str,
    pub(super) number: String,
    pub(super) name: String,
}

impl Tile {
    pub(super) fn count(class: &'static str, count: u64, name: &str) -> Self {
        Self { class, number: Bytes::new(count).to_string(), name: name.to_owned() }
    }
}

/// Returns the numbers of a run.
pub(super) fn tiles(summary: &Summary) -> Vec<Tile> {
    let Summary { accepted, rejected, undecided, not_fetched, assets_in_requests, elapsed, incomplete } = summary;
    let noun = if assets_in_requests.is_some() { "requests" } else { "assets" };
    let mut tiles = vec![Tile::count("", summary.total(), noun)];
    tiles.extend(assets_in_requests.map(|assets| Tile::count("", assets, "assets in them")));
    let counts = [
        ("accepted", accepted.saturating_sub(*not_fetched), "accepted"),
        ("undecided", *not_fetched, "not fetched"),
        ("rejected", *rejected, "rejected"),
        ("undecided", *undecided, "undecided"),
    ];
    let counts = counts.into_iter().filter(|(_, count, _)| *count > 0);
    tiles.extend(counts.map(|(class, count, name)| Tile::count(class, count, name)));
    let name = if *incomplete { "elapsed; stopped before the end" } else { "elapsed" };
    tiles.push(Tile { class: "", number: format!("{} s", seconds(*elapsed)), name: name.to_owned() });
    tiles
}

/// Writes the summary, and closes the page.
pub(super) fn end(writer: &mut impl Write, tiles: &[Tile]) -> io::Result<()> {
    writeln!(writer, "</main>\n<footer>")?;
    for Tile { class, number, name } in tiles {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        writeln!(writer, "<p{class}><b>{}</b> {}</p>", text(number), text(name))?;
    }
    writeln!(writer, "</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}
