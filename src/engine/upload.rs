//! Ephemeral uploads whose bytes are at hand.

use super::Engine;
use crate::asset::{Asset, Target};
use crate::fetch::Probe;
use crate::finding::code::Severity;
use crate::finding::lint::Lint;
use crate::finding::{Finding, Transport};
use crate::observation::Observation;
use crate::rules::{CheckContext, Expectations, evaluate_file};

impl<P: Probe> Engine<'_, P> {
    /// Checks the bytes of an upload, where the probe can reach them.
    pub(super) fn check_upload(&self, asset: &Asset, wanted: &Expectations, seen: &mut Observation) -> Vec<Finding> {
        match self.probe.upload(asset) {
            None => Vec::new(),
            Some(Err(why)) => vec![Finding::lint(Lint::UnreadableFile, why).with_severity(Severity::Error)],
            Some(Ok(path)) => {
                *seen = Observation { observed_at: seen.observed_at, ..self.probe.file(&path) };
                let wanted = Expectations { way: Some(Transport::Upload), ..wanted.clone() };
                let target = Target::File(path);
                let context = self.subject(asset, &target, &wanted, seen, Transport::Upload);
                evaluate_file(&CheckContext { named: None, ..context }).0
            }
        }
    }
}
