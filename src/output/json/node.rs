//! JSON on its way to the writer: it borrows its texts, keeps its members as they come, and looks nothing up.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

/// A value that is about to be written.
#[derive(Debug)]
pub(in crate::output) enum Node<'a> {
    Null,
    Bool(bool),
    Number(u64),
    Decimal(f64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Object<'a>),
    /// One that was made elsewhere.
    Given(Value),
}

/// An object that leaves out what is not known.
#[derive(Debug, Default)]
pub(in crate::output) struct Object<'a>(Vec<(&'static str, Node<'a>)>);

impl<'a> Object<'a> {
    /// Starts an object that gets about so many members.
    pub(in crate::output) fn of(members: usize) -> Self {
        Self(Vec::with_capacity(members))
    }

    /// Adds a member; each key is added once.
    pub(in crate::output) fn with(mut self, key: &'static str, value: impl Into<Node<'a>>) -> Self {
        self.0.push((key, value.into()));
        self
    }

    /// Adds a member where it is known.
    pub(in crate::output) fn maybe(self, key: &'static str, value: Option<impl Into<Node<'a>>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_u64(*value),
            Self::Decimal(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(object) => object.serialize(serializer),
            Self::Given(value) => value.serialize(serializer),
        }
    }
}

impl From<bool> for Node<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

/// Every whole number of a report fits.
macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Node<'_> {
            fn from(value: $number) -> Self {
                Self::Number(value.into())
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64);

impl From<f64> for Node<'_> {
    fn from(value: f64) -> Self {
        Self::Decimal(value)
    }
}

impl<'a> From<&'a str> for Node<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

impl From<String> for Node<'_> {
    fn from(value: String) -> Self {
        Self::Text(Cow::Owned(value))
    }
}

impl<'a> From<Cow<'a, str>> for Node<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Self::Text(value)
    }
}

impl From<Value> for Node<'_> {
    fn from(value: Value) -> Self {
        Self::Given(value)
    }
}

impl<'a> From<Object<'a>> for Node<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Object(object)
    }
}

impl<'a, T: Into<Node<'a>>> From<Vec<T>> for Node<'a> {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<'a, T: Into<Node<'a>>> From<Option<T>> for Node<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_written_as_values_are() {
        let object = Object::of(2)
            .with("b", vec!["x".to_owned(), "é\"".to_owned()])
            .with("a", Object::default().with("n", 7_u64).with("f", 1.5).with("t", true))
            .maybe("none", None::<u64>)
            .with("null", None::<&str>)
            .with("given", serde_json::json!({"k": [1]}));
        let text = serde_json::to_string(&object).expect("JSON");
        assert_eq!(text, r#"{"b":["x","é\""],"a":{"n":7,"f":1.5,"t":true},"null":null,"given":{"k":[1]}}"#);
    }
}
