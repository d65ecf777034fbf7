//! Access to the configuration file for the fuzz targets.

use std::path::Path;

use super::config::Config;

/// The parsed content of a configuration file.
#[derive(Debug)]
pub struct ConfigSummary {
    /// Its debug output, for comparison.
    pub text: String,
    /// The line numbers of `jobs` and of the ignored warnings.
    pub lines: Vec<usize>,
    /// The number of jobs.
    pub jobs: Option<u16>,
    /// The reasons of the ignored warnings.
    pub reasons: Vec<String>,
}

/// Reads a configuration file.
///
/// # Errors
/// Returns the printed message if the file cannot be read, or sets a key that is not allowed.
pub fn read_config(path: &Path) -> Result<ConfigSummary, String> {
    let config = Config::read(path).map_err(|error| format!("{error:#}"))?;
    let text = format!("{config:?}");
    let jobs = config.jobs.as_ref().map(|jobs| jobs.value);
    let ignored = config.ignored.iter().map(|ignored| ignored.line);
    let lines = config.jobs.iter().map(|jobs| jobs.line).chain(ignored).collect();
    let reasons = config.ignored.iter().map(|ignored| ignored.value.reason.clone()).collect();
    Ok(ConfigSummary { text, lines, jobs, reasons })
}
