//! The files of this server that a request body can name: uploads by their URIs, and outputs of tasks by their URLs.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use memchr::memmem;

use super::output::GeneratedOutput;
use super::rendered::RenderCache;
use super::uploads::Uploads;
use crate::request::document::Document;

/// Finds the output file with a URL.
pub(crate) type OutputLookup = Arc<dyn Fn(&str) -> Option<GeneratedOutput> + Send + Sync>;

/// The files of this server, as one request sees them.
#[derive(Clone)]
pub(crate) struct LocalFiles {
    pub(super) uploads: Arc<Uploads>,
    pub(super) rendered: Arc<RenderCache>,
    pub(super) outputs: OutputLookup,
}

impl fmt::Debug for LocalFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalFiles").finish_non_exhaustive()
    }
}

/// The prefix of the URIs by which a check knows outputs. No client can use them: they are unknown uploads.
const SCHEME: &str = "runway://preflight/outputs/";

/// The outputs that a body names, by their URIs.
pub(super) type NamedOutputs = HashMap<String, GeneratedOutput>;

impl LocalFiles {
    /// Replaces the URLs of outputs in a body, which are plain HTTP on loopback, with URIs. The API serves its outputs with
    /// HTTPS, and accepts them as assets.
    pub(super) fn name_outputs(&self, body: &[u8], document: &mut Document) -> NamedOutputs {
        let mut named = NamedOutputs::new();
        // Most bodies name no output.
        if memmem::find(body, OUTPUTS_MARK).is_none() {
            return named;
        }
        document.replace_texts(|text| {
            let output = (self.outputs)(text)?;
            let uri = format!("{SCHEME}{}", named.len());
            named.insert(uri.clone(), output);
            Some(uri)
        });
        named
    }
}

/// What each URL of an output contains, also where a JSON writer escapes its slashes.
const OUTPUTS_MARK: &[u8] = b"__preflight";
