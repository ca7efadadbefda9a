//! An object whose fields came one by one, read as if it had come as JSON.
//!
//! Why some come so is told in `tauri`; a value that can't be read this way is read from JSON by
//! `body`.

use serde::{
    Deserializer,
    de::{DeserializeOwned, IntoDeserializer, Visitor, value::MapDeserializer},
};
use serde_json::Error;

/// What stands in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// JSON text.
    Json(String),
    /// A string, as it is.
    Text(String),
}

/// Reads the object that consists of `fields`.
pub fn decode<T: DeserializeOwned>(fields: &[(String, Field)]) -> Result<T, Error> {
    let fields = fields.iter().map(|(key, field)| (key.as_str(), field));
    T::deserialize(MapDeserializer::new(fields))
}

/// The JSON text of the object that consists of `fields`.
pub fn to_json(fields: &[(String, Field)]) -> Result<String, Error> {
    let mut json = String::from("{");
    for (key, field) in fields {
        if json.len() > 1 {
            json.push(',');
        }
        json.push_str(&serde_json::to_string(key)?);
        json.push(':');
        match field {
            Field::Json(value) => json.push_str(value),
            Field::Text(text) => json.push_str(&serde_json::to_string(text)?),
        }
    }
    json.push('}');
    Ok(json)
}

impl<'de> IntoDeserializer<'de, Error> for &'de Field {
    type Deserializer = FieldDeserializer<'de>;

    fn into_deserializer(self) -> Self::Deserializer {
        match self {
            Field::Json(json) => FieldDeserializer::Json(json),
            Field::Text(text) => FieldDeserializer::Text(text),
        }
    }
}

/// Reads one field.
pub enum FieldDeserializer<'de> {
    /// From JSON text.
    Json(&'de str),
    /// From a string.
    Text(&'de str),
}

/// Passes what is asked of a field on to the JSON in it; of a string, everything is the same.
macro_rules! of_json {
    ($($method:ident($($argument:ident: $kind:ty),*))*) => {
        $(
            fn $method<V: Visitor<'de>>(
                self,
                $($argument: $kind,)*
                visitor: V,
            ) -> Result<V::Value, Error> {
                match self {
                    Self::Json(json) => serde_json::Deserializer::from_str(json)
                        .$method($($argument,)* visitor),
                    Self::Text(text) => visitor.visit_borrowed_str(text),
                }
            }
        )*
    };
}

impl<'de> Deserializer<'de> for FieldDeserializer<'de> {
    type Error = Error;

    of_json! {
        deserialize_any()
        deserialize_bool()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64()
        deserialize_char() deserialize_str() deserialize_string() deserialize_identifier()
        deserialize_bytes() deserialize_byte_buf()
        deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_seq() deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_ignored_any()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Json(json) => {
                serde_json::Deserializer::from_str(json).deserialize_option(visitor)
            }
            Self::Text(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Json(json) => {
                serde_json::Deserializer::from_str(json).deserialize_newtype_struct(name, visitor)
            }
            Self::Text(_) => visitor.visit_newtype_struct(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::Body;
    use proptest::{collection, prelude::*};
    use serde::Deserialize;
    use serde_json::{Map, Value, json};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Name(Option<String>);

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        A,
        B(String),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        a: Name,
        b: Option<Kind>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Loose {
        a: Option<char>,
        #[serde(flatten)]
        rest: HashMap<String, Value>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "a", rename_all = "snake_case")]
    enum Tagged {
        A { b: Option<(u8, bool)> },
        B { b: Kind },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Strict(Strict),
        Texts(HashMap<String, String>),
        Other(f64),
    }

    fn values() -> impl Strategy<Value = Value> {
        prop_oneof![
            "a|b|[a-z]{0,3}|.*".prop_map(Value::from),
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u8>().prop_map(Value::from),
            Just(json!([1, true])),
            ".*".prop_map(|text| json!({ "b": text })),
        ]
    }

    fn objects() -> impl Strategy<Value = Value> {
        collection::hash_map("a|b|c|.*", values(), 0..4)
            .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>()))
    }

    fn field_by_field(object: &Value) -> Body {
        let fields = object.as_object().into_iter().flatten();
        let field = |(key, value): (&String, &Value)| match value {
            Value::String(text) => (key.clone(), Field::Text(text.clone())),
            other => (key.clone(), Field::Json(other.to_string())),
        };
        Body::Fields(fields.map(field).collect())
    }

    fn arrives_alike<T>(object: &Value) -> Result<(), TestCaseError>
    where
        T: DeserializeOwned + PartialEq + std::fmt::Debug + 'static,
    {
        let json = Body::json(object).unwrap().decode::<T>().ok();
        prop_assert_eq!(field_by_field(object).decode::<T>().ok(), json);
        Ok(())
    }

    proptest! {
        #[test]
        fn an_object_arrives_the_same_field_by_field_and_as_json(object in objects()) {
            arrives_alike::<Value>(&object)?;
            arrives_alike::<Strict>(&object)?;
            arrives_alike::<Loose>(&object)?;
            arrives_alike::<Tagged>(&object)?;
            arrives_alike::<Untagged>(&object)?;
            arrives_alike::<Option<HashMap<String, Name>>>(&object)?;
            arrives_alike::<HashMap<String, Kind>>(&object)?;
            arrives_alike::<Kind>(&object)?;
            arrives_alike::<()>(&object)?;
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_as_of_json() {
        let object = json!({"a": "x", "b": 7});
        let error = field_by_field(&object).decode::<Strict>().unwrap_err();
        let json = Body::json(&object).unwrap().decode::<Strict>().unwrap_err();
        assert_eq!(error.to_string(), json.to_string());
    }
}
