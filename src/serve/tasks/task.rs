//! A task, and its JSON as in the API.

use serde::Serialize;
use serde_json::{Value, json};

use crate::serve::clock::UnixMillis;
use crate::serve::output::GeneratedOutput;

/// A task of a generation endpoint, or a workflow invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskKind {
    Task,
    WorkflowInvocation,
}

/// How a task ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TaskOutcome {
    Succeeded,
    /// With a code, with the code `null`, or without one.
    Failed {
        code: FailureCode,
        failure: String,
    },
    Cancelled,
}

/// The code of a failure. Without one, the API omits it or sends `null`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum FailureCode {
    #[default]
    Absent,
    Null,
    Code(String),
}

/// The status that a poll returns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TaskStatus {
    Throttled,
    Pending,
    /// Running; holds the progress from 0 to 1.
    Running(f64),
    /// Finished with its outcome.
    Final,
}

/// The phase of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaskPhase {
    Throttled,
    Active { since: UnixMillis, polls: u32 },
    Final,
}

/// A task to be created.
#[derive(Clone, Debug)]
pub(crate) struct NewTask {
    pub(crate) id: String,
    pub(crate) kind: TaskKind,
    /// The model whose slots it uses.
    pub(crate) model: String,
    pub(crate) outcome: TaskOutcome,
    pub(crate) outputs: Vec<GeneratedOutput>,
}

/// A task that the server knows.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(super) kind: TaskKind,
    pub(super) model: String,
    created: UnixMillis,
    outcome: TaskOutcome,
    outputs: Vec<GeneratedOutput>,
    pub(super) phase: TaskPhase,
}

impl NewTask {
    pub(super) fn in_phase(self, phase: TaskPhase, created: UnixMillis) -> Task {
        let Self { id, kind, model, outcome, outputs } = self;
        Task { id, kind, model, created, outcome, outputs, phase }
    }
}

impl Task {
    /// Returns an output file of the task, if it has succeeded.
    pub(crate) fn output(&self, file_name: &str) -> Option<&GeneratedOutput> {
        let has_succeeded = self.phase == TaskPhase::Final && self.outcome == TaskOutcome::Succeeded;
        let mut names = self.outputs.iter().enumerate().map(|(index, output)| (file(index, output), output));
        names.find(|(name, _)| has_succeeded && name == file_name).map(|(_, output)| output)
    }

    /// Returns the task as JSON, as in the API; `folder` is the base URL of its files.
    pub(crate) fn to_json(&self, status: TaskStatus, folder: &str) -> Value {
        let (name, members) = match status {
            TaskStatus::Throttled => ("THROTTLED", json!({})),
            TaskStatus::Pending => ("PENDING", json!({})),
            TaskStatus::Running(progress) => ("RUNNING", self.running(progress)),
            TaskStatus::Final => self.ended(folder),
        };
        let mut written = json!({"id": self.id, "createdAt": self.created.to_rfc3339(), "status": name});
        if let (Value::Object(written), Value::Object(members)) = (&mut written, members) {
            written.extend(members);
            if self.kind == TaskKind::Task {
                let cost = if status == TaskStatus::Final { "cost" } else { "estimatedCost" };
                written.insert(cost.to_owned(), json!(NO_COST));
            }
        }
        written
    }

    fn running(&self, progress: f64) -> Value {
        match self.kind {
            TaskKind::Task => json!({"progress": progress}),
            TaskKind::WorkflowInvocation => json!({"progress": progress, "output": {}}),
        }
    }

    fn ended(&self, folder: &str) -> (&'static str, Value) {
        match &self.outcome {
            TaskOutcome::Succeeded => {
                let files = self.outputs.iter().enumerate();
                let urls: Vec<String> =
                    files.map(|(index, output)| format!("{folder}/{}", file(index, output))).collect();
                let output = match self.kind {
                    TaskKind::Task => json!(urls),
                    // The nodes of a workflow are unknown: there is one, with the identifier of the invocation.
                    TaskKind::WorkflowInvocation => json!({&self.id: urls}),
                };
                ("SUCCEEDED", json!({"output": output}))
            }
            TaskOutcome::Failed { code, failure } => ("FAILED", failed(code, failure)),
            TaskOutcome::Cancelled => ("CANCELLED", json!({})),
        }
    }
}

fn failed(code: &FailureCode, failure: &str) -> Value {
    match code {
        FailureCode::Absent => json!({"failure": failure}),
        FailureCode::Null => json!({"failure": failure, "failureCode": null}),
        FailureCode::Code(code) => json!({"failure": failure, "failureCode": code}),
    }
}

/// What a task costs. The SDKs' types require the member, with a number.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct TaskCost {
    credits: u32,
}

/// A cost of zero, because prices are not published as data.
pub(crate) const NO_COST: TaskCost = TaskCost { credits: 0 };

/// Returns the name of a task's file.
fn file(index: usize, output: &GeneratedOutput) -> String {
    format!("{index}.{}", output.extension())
}
