//! How the runner of GitHub Actions parses a line of a log: a port of the two parsers in
//! `src/Runner.Common/ActionCommand.cs`, tried in the order of `ActionCommandManager`.

use std::collections::BTreeMap;

/// A command that the runner would execute.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) data: String,
}

/// The commands that the runner knows.
const KNOWN: &[&str] = &[
    "internal-set-repo-path",
    "set-env",
    "set-output",
    "save-state",
    "add-mask",
    "add-path",
    "add-matcher",
    "remove-matcher",
    "debug",
    "warning",
    "error",
    "notice",
    "group",
    "endgroup",
    "echo",
    "stop-commands",
];

/// Returns all commands of a log.
pub(crate) fn commands(log: &str) -> Vec<Command> {
    log.split(['\n', '\r']).filter_map(|line| second(line).or_else(|| first(line))).collect()
}

/// `::name key=value,key=value::data`, at the start of a line after white space.
fn second(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (info, data) = rest.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let undo = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    let properties = read(properties.trim(), ',', &undo);
    known(name, properties, undone(data, &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]))
}

/// `##[name key=value;key=value]data`, anywhere in a line.
fn first(line: &str) -> Option<Command> {
    let rest = &line[line.find("##[")? + 3..];
    let (info, data) = rest.split_once(']')?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let undo = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")];
    known(name, read(properties, ';', &undo), undone(data, &undo))
}

fn known(name: &str, properties: BTreeMap<String, String>, data: String) -> Option<Command> {
    let is_known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
    is_known.then(|| Command { name: name.to_owned(), properties, data })
}

/// Splits each property at its first equals signs; empty parts and properties without a value are dropped.
fn read(text: &str, separator: char, undo: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = text.split(separator).filter_map(|pair| {
        let (key, value) = pair.trim_start_matches('=').split_once('=')?;
        let value = value.trim_start_matches('=');
        (!value.is_empty()).then(|| (key.to_owned(), undone(value, undo)))
    });
    pairs.collect()
}

fn undone(text: &str, undo: &[(&str, &str)]) -> String {
    undo.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn the_port_executes_the_commands_of_the_runner() {
    let names = |log: &str| commands(log).into_iter().map(|command| command.name).collect::<Vec<_>>();
    assert_eq!(names("::error::x\n  ::warning file=a::y\nx ::error::z\n::nonsense::a\n::error"), ["error", "warning"]);
    assert_eq!(names("x ##[add-mask]a\n##[nonsense]b\nA##[GROUP] c\n##[error"), ["add-mask", "GROUP"]);
    let command = commands("::error file=a%2Cb,line=3,empty=,title==x::100%25%0A::").remove(0);
    assert_eq!(command.data, "100%\n::");
    let properties: Vec<_> = command.properties.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(properties, [("file", "a,b"), ("line", "3"), ("title", "x")]);
}
