//! The members of an object, in order, written as `{"name": …, "other?": …}`.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Schema;

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectField {
    /// Its key.
    pub name: String,
    /// Whether it is required.
    pub required: bool,
    /// The schema of its value.
    pub schema: Schema,
}

/// The members of an object in the order of declaration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectFields(Vec<ObjectField>);

impl ObjectFields {
    /// Returns the members in order.
    pub fn iter(&self) -> impl Iterator<Item = &ObjectField> {
        self.0.iter()
    }

    /// Returns the members in order, mutably.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut ObjectField> {
        self.0.iter_mut()
    }

    /// Returns the member with this key.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ObjectField> {
        self.0.iter().find(|field| field.name == name)
    }

    /// Replaces the member with the same key, or appends a new one.
    pub fn set(&mut self, field: ObjectField) {
        match self.0.iter_mut().find(|old| old.name == field.name) {
            Some(old) => *old = field,
            None => self.0.push(field),
        }
    }
}

impl FromIterator<ObjectField> for ObjectFields {
    fn from_iter<I: IntoIterator<Item = ObjectField>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl IntoIterator for ObjectFields {
    type Item = ObjectField;
    type IntoIter = std::vec::IntoIter<ObjectField>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for ObjectFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for ObjectField { name, required, schema } in &self.0 {
            let mark = if *required { "" } else { "?" };
            map.serialize_entry(&format!("{name}{mark}"), schema)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for ObjectFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = ObjectFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of schemas")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ObjectFields, A::Error> {
        let mut fields = ObjectFields::default();
        while let Some((key, schema)) = map.next_entry::<String, Schema>()? {
            let (name, required) = match key.strip_suffix('?') {
                Some(name) => (name.to_owned(), false),
                None => (key, true),
            };
            fields.set(ObjectField { name, required, schema });
        }
        Ok(fields)
    }
}
