//! Compares literals as JavaScript does.

use serde_json::Value;

/// Returns whether two values are equal in JavaScript: `1.0` is `1`.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (one, other) => one == other,
    }
}
