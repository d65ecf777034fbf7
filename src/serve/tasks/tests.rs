use super::*;
use crate::serve::output::{OutputKind, RequestedOutput};

const NOW: UnixMillis = UnixMillis(1_000_000);

fn store(progress: TaskProgress, concurrency: usize, ids: &[&str]) -> TaskStore {
    let mut store = TaskStore::new(progress, concurrency);
    for id in ids {
        store.create(task(id, TaskOutcome::Succeeded), NOW);
    }
    store
}

fn task(id: &str, outcome: TaskOutcome) -> NewTask {
    let outputs = RequestedOutput::default().files(OutputKind::Image, b"{}").expect("an image");
    NewTask { id: id.to_owned(), kind: TaskKind::Task, model: "gen4".to_owned(), outcome, outputs }
}

fn poll(store: &mut TaskStore, id: &str, now: UnixMillis) -> Option<String> {
    let (task, status) = store.poll(TaskKind::Task, id, now)?;
    let written = task.to_json(status, "http://h");
    let progress = written.get("progress").map(ToString::to_string).unwrap_or_default();
    Some(format!("{} {progress}", written["status"].as_str().unwrap_or_default()).trim().to_owned())
}

fn polls(store: &mut TaskStore, id: &str, count: usize) -> Vec<String> {
    (0..count).filter_map(|_| poll(store, id, NOW)).collect()
}

#[test]
fn polls_advance_a_task() {
    assert_eq!(polls(&mut store(TaskProgress::Polls(1), 1, &["a"]), "a", 2), ["SUCCEEDED", "SUCCEEDED"]);
    assert_eq!(polls(&mut store(TaskProgress::Polls(2), 1, &["a"]), "a", 2), ["RUNNING 0.5", "SUCCEEDED"]);
    let states = polls(&mut store(TaskProgress::Polls(4), 1, &["a"]), "a", 4);
    assert_eq!(states, ["PENDING", "RUNNING 0.5", "RUNNING 0.75", "SUCCEEDED"]);
    assert_eq!(poll(&mut store(TaskProgress::Polls(1), 1, &["a"]), "b", NOW), None);
}

#[test]
fn time_advances_a_task() {
    let mut store = store(TaskProgress::Time(Duration::from_secs(10)), 1, &["a", "b", "c"]);
    let at = |seconds| NOW.plus(Duration::from_secs(seconds));
    assert_eq!(poll(&mut store, "a", at(0)).as_deref(), Some("PENDING"));
    assert_eq!(poll(&mut store, "a", at(5)).as_deref(), Some("RUNNING 0.5"));
    assert_eq!(poll(&mut store, "b", at(5)).as_deref(), Some("THROTTLED"));
    // Nobody has polled `a` since: `b` started when `a` ended.
    assert_eq!(poll(&mut store, "b", at(15)).as_deref(), Some("RUNNING 0.5"));
    assert_eq!(poll(&mut store, "c", at(25)).as_deref(), Some("RUNNING 0.5"));
    assert_eq!(poll(&mut store, "a", at(25)).as_deref(), Some("SUCCEEDED"));
}

#[test]
fn a_task_waits_for_a_slot_of_its_model_and_polling_it_alone_is_enough() {
    let mut store = store(TaskProgress::Polls(1), 1, &["a", "b"]);
    let other = NewTask { model: "other".to_owned(), ..task("c", TaskOutcome::Succeeded) };
    store.create(other, NOW);
    assert_eq!(poll(&mut store, "c", NOW).as_deref(), Some("SUCCEEDED"));
    assert_eq!(polls(&mut store, "b", 2), ["THROTTLED", "SUCCEEDED"]);
    assert_eq!(polls(&mut store, "a", 1), ["SUCCEEDED"]);
    assert!(store.slots.is_empty());
}

#[test]
fn a_deleted_task_releases_its_slot() {
    let mut store = store(TaskProgress::Polls(1), 1, &["a", "b"]);
    assert!(store.delete("a", NOW));
    assert!(!store.delete("a", NOW));
    assert_eq!(poll(&mut store, "a", NOW), None);
    assert_eq!(polls(&mut store, "b", 1), ["SUCCEEDED"]);
}

#[test]
fn a_failure_has_its_code_as_it_was_given() {
    let ended = |outcome| {
        let mut store = TaskStore::new(TaskProgress::Polls(1), 1);
        store.create(task("a", outcome), NOW);
        let (task, status) = store.poll(TaskKind::Task, "a", NOW).expect("the task");
        task.to_json(status, "http://h/a").to_string()
    };
    let cost = r#""cost":{"credits":0}"#;
    let start = r#"{"id":"a","createdAt":"1970-01-01T00:16:40.000Z","status":"#;
    let failed = |code| ended(TaskOutcome::Failed { code, failure: "x".to_owned() });
    let code = FailureCode::Code("SAFETY.INPUT.TEXT".to_owned());
    assert_eq!(failed(code), format!(r#"{start}"FAILED","failure":"x","failureCode":"SAFETY.INPUT.TEXT",{cost}}}"#));
    assert_eq!(failed(FailureCode::Null), format!(r#"{start}"FAILED","failure":"x","failureCode":null,{cost}}}"#));
    assert_eq!(failed(FailureCode::Absent), format!(r#"{start}"FAILED","failure":"x",{cost}}}"#));
    assert_eq!(ended(TaskOutcome::Cancelled), format!(r#"{start}"CANCELLED",{cost}}}"#));
    assert_eq!(ended(TaskOutcome::Succeeded), format!(r#"{start}"SUCCEEDED","output":["http://h/a/0.png"],{cost}}}"#));
}

#[test]
fn files_exist_only_after_success() {
    let mut store = store(TaskProgress::Polls(2), 1, &["a"]);
    let has_file = |store: &TaskStore, name: &str| store.get("a").is_some_and(|task| task.output(name).is_some());
    assert!(!has_file(&store, "0.png"));
    polls(&mut store, "a", 2);
    assert!(has_file(&store, "0.png"));
    assert!(!has_file(&store, "1.png") && !has_file(&store, "0.mp4") && !has_file(&store, "../0.png"));
}

#[test]
fn the_number_of_tasks_is_bounded() {
    let mut store = TaskStore::new(TaskProgress::Polls(1), 20);
    for number in 0..MAX_TASKS + 50 {
        store.create(task(&number.to_string(), TaskOutcome::Succeeded), NOW);
    }
    assert_eq!((store.tasks.len(), store.by_id.len()), (MAX_TASKS, MAX_TASKS));
    assert_eq!(poll(&mut store, "49", NOW), None);
    assert_eq!(poll(&mut store, "50", NOW).as_deref(), Some("SUCCEEDED"));
}
