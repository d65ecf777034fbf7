//! The scenario file: behaviors that are queued at startup and after each reset.

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Behavior, BehaviorQueue};
use crate::serve::control_object::ControlError;
use crate::text::line_and_column;
use crate::text::untrusted::UntrustedText;

/// The behaviors of a file, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scenario {
    queue: BehaviorQueue,
}

/// An error in a scenario file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub(crate) struct ScenarioError {
    /// The line.
    pub(crate) line: usize,
    /// The column.
    pub(crate) column: usize,
    /// The message.
    pub(crate) message: String,
}

impl Scenario {
    /// Parses a file.
    ///
    /// # Errors
    /// Returns an error if the text is not TOML, or a behavior is invalid.
    pub(crate) fn parse(text: &str) -> Result<Self, ScenarioError> {
        Self::read(text).map_err(|error| ScenarioError::at(text, &error))
    }

    fn read(text: &str) -> Result<Self, PlacedError> {
        let root = DeTable::parse(text).map_err(|error| {
            let message = UntrustedText::from(error.message().lines().collect::<Vec<_>>().join("; ").as_str());
            PlacedError { offset: error.span().map_or(0, |span| span.start), message: message.escaped().to_string() }
        })?;
        let mut queue = BehaviorQueue::default();
        for table in behaviors(root.get_ref())? {
            let DeValue::Table(keys) = table.get_ref() else { return Err(PlacedError::at(table, NEXT_FORM)) };
            let members = members(keys)?;
            let behavior = Behavior::read(&members).map_err(|error| placed(table, keys, &error))?;
            let bytes = Value::from(members).to_string().len();
            queue.push(behavior, bytes).map_err(|error| PlacedError::at(table, &error.to_string()))?;
        }
        Ok(Self { queue })
    }

    /// Returns a queue with the behaviors of the file.
    pub(in crate::serve) fn queue(&self) -> BehaviorQueue {
        self.queue.clone()
    }
}

/// An error at a byte of the text.
struct PlacedError {
    offset: usize,
    message: String,
}

impl PlacedError {
    fn at<T>(place: &Spanned<T>, message: &str) -> Self {
        Self { offset: place.span().start, message: message.to_owned() }
    }
}

const NEXT_FORM: &str = "`next` must be an array of tables: write [[next]] above each behavior";

/// Returns the tables of the file.
fn behaviors<'t, 'a>(root: &'t DeTable<'a>) -> Result<&'t [Spanned<DeValue<'a>>], PlacedError> {
    if let Some((unknown, _)) = root.iter().find(|(key, _)| key.get_ref() != "next") {
        let name = UntrustedText::from(unknown.get_ref().as_ref());
        return Err(PlacedError::at(unknown, &format!("unknown field `{}`, expected `next`", name.escaped())));
    }
    let Some((_, next)) = root.iter().next() else { return Ok(&[]) };
    let DeValue::Array(tables) = next.get_ref() else { return Err(PlacedError::at(next, NEXT_FORM)) };
    Ok(tables)
}

/// Converts a table to what it is in JSON.
fn members(table: &DeTable<'_>) -> Result<Map<String, Value>, PlacedError> {
    table.iter().map(|(key, value)| Ok((key.get_ref().to_string(), json(value)?))).collect()
}

/// Converts a value. A date becomes its text, as JSON has no dates.
fn json(value: &Spanned<DeValue<'_>>) -> Result<Value, PlacedError> {
    Ok(match value.get_ref() {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            Value::from(number.map_err(|_| PlacedError::at(value, "the number does not fit into 64 bits"))?)
        }
        DeValue::Float(number) => {
            let number = number.as_str().parse().ok().and_then(Number::from_f64);
            Value::from(
                number
                    .ok_or_else(|| PlacedError::at(value, "the number is not finite, and JSON has no such number"))?,
            )
        }
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Datetime(date) => Value::from(date.to_string()),
        DeValue::Array(items) => items.iter().map(json).collect::<Result<_, _>>()?,
        DeValue::Table(table) => Value::from(members(table)?),
    })
}

/// Finds the place of an error in a behavior.
fn placed(behavior: &Spanned<DeValue<'_>>, keys: &DeTable<'_>, error: &ControlError) -> PlacedError {
    let mut placed = PlacedError::at(behavior, &error.to_string());
    let mut inner = Some(keys);
    for name in &error.path {
        let member = inner.and_then(|table| table.iter().find(|(key, _)| key.get_ref() == name));
        let Some((key, value)) = member else { break };
        placed.offset = if error.is_key { key.span().start } else { value.span().start };
        inner = value.get_ref().as_table();
    }
    placed
}

impl ScenarioError {
    fn at(text: &str, error: &PlacedError) -> Self {
        let (line, column) = line_and_column(text, error.offset);
        Self { line, column, message: error.message.clone() }
    }
}
