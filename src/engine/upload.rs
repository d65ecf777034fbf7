//! Ephemeral uploads whose bytes are available locally.

use super::Engine;
use super::check::Job;
use crate::asset::Target;
use crate::fetch::Probe;
use crate::finding::{Finding, Lint, Severity, Transport};
use crate::observation::Observation;
use crate::rules::{CheckContext, Expectations, evaluate_file};

impl<P: Probe> Engine<'_, P> {
    /// Checks the bytes of an upload, where the probe can reach them.
    pub(super) async fn check_upload(&self, job: &Job<'_>, observation: &mut Observation) -> Vec<Finding> {
        match self.probe.upload(&job.asset) {
            None => Vec::new(),
            Some(Err(why)) => vec![Finding::lint(Lint::UnreadableFile, why).with_severity(Severity::Error)],
            Some(Ok(path)) => {
                *observation = Observation { observed_at: observation.observed_at, ..self.probe.file(&path).await };
                let expectations = Expectations { transport: Some(Transport::Upload), ..job.expectations.clone() };
                let target = Target::File(path);
                let context = CheckContext {
                    target: &target,
                    expectations: &expectations,
                    transport: Transport::Upload,
                    ..self.context(job, observation)
                };
                evaluate_file(&context).0
            }
        }
    }
}
