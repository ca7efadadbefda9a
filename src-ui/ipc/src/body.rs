//! What travels: JSON text or raw bytes, and how either becomes a value.

use std::any::Any;

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer},
};

use crate::fields::{self, Field};

/// What stands before JSON text that is sent as bytes.
const RECORD_SEPARATOR: u8 = 0x1e;

/// An answer, an event's payload or a channel's message, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// JSON text. What JavaScript calls `undefined` is `null`.
    Json(String),
    /// A string by itself, as it is: long ones are common, and writing them as JSON first and
    /// reading that takes several times as long as handing them on.
    Text(String),
    /// An object, field by field, where a long string among them is worth that.
    Fields(Vec<(String, Field)>),
    /// Bytes as they are.
    Raw(Vec<u8>),
}

impl Body {
    /// `value` as JSON text.
    ///
    /// # Errors
    /// If JSON can't hold it, as a map whose keys aren't text.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(Self::Json)
    }

    /// The value that it holds. Raw bytes are a `Vec<u8>`, which takes them as they are. For any
    /// other type they are JSON text, if a record separator (0x1e, RFC 7464) stands before it: so
    /// a backend sends what is large, to have it read once; else a list of numbers.
    ///
    /// # Errors
    /// If it is not a `T`.
    pub fn decode<T: DeserializeOwned + 'static>(self) -> Result<T, serde_json::Error> {
        match self {
            Self::Json(json) => serde_json::from_str(&json),
            Self::Text(text) => match as_it_is(text) {
                Ok(same) => Ok(same),
                Err(text) => serde_json::from_str(&serde_json::to_string(&text)?),
            },
            // Whatever JSON can say is read from there, if need be.
            Self::Fields(fields) => match fields::decode(&fields) {
                Ok(value) => Ok(value),
                Err(_) => serde_json::from_str(&fields::to_json(&fields)?),
            },
            Self::Raw(bytes) => match as_it_is(bytes) {
                Ok(same) => Ok(same),
                Err(bytes) => match bytes.strip_prefix(&[RECORD_SEPARATOR]) {
                    Some(json) => serde_json::from_slice(json),
                    None => T::deserialize(bytes.into_deserializer()),
                },
            },
        }
    }
}

/// `value` itself if it is what is wanted: neither read nor copied.
fn as_it_is<V: Default + 'static, T: 'static>(value: V) -> Result<T, V> {
    let mut value = Some(value);
    let wanted = (&mut value as &mut dyn Any).downcast_mut::<Option<T>>();
    match wanted.and_then(Option::take) {
        Some(same) => Ok(same),
        // Still there, since it was not taken.
        None => Err(value.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Name(Option<String>);

    proptest! {
        #[test]
        fn bytes_arrive_the_same_as_raw_bytes_and_as_a_list_of_numbers(bytes: Vec<u8>) {
            let raw: Vec<u8> = Body::Raw(bytes.clone()).decode().unwrap();
            let listed: Vec<u8> = Body::json(&bytes).unwrap().decode().unwrap();
            prop_assume!(bytes.first() != Some(&RECORD_SEPARATOR));
            let other: Vec<u16> = Body::Raw(bytes.clone()).decode().unwrap();
            prop_assert_eq!(&raw, &bytes);
            prop_assert_eq!(&listed, &bytes);
            prop_assert!(other.iter().copied().eq(bytes.iter().copied().map(u16::from)));
        }

        #[test]
        fn a_string_arrives_the_same_by_itself_and_as_json(text: String) {
            let same: String = Body::Text(text.clone()).decode().unwrap();
            let json: String = Body::json(&text).unwrap().decode().unwrap();
            let named: Name = Body::Text(text.clone()).decode().unwrap();
            prop_assert_eq!(&same, &text);
            prop_assert_eq!(&json, &text);
            prop_assert_eq!(named, Name(Some(text)));
        }
    }

    #[test]
    fn json_text_may_come_as_bytes_and_bytes_stay_bytes() {
        let sent = b"\x1e{\"a\":[1,2]}".to_vec();
        let read: serde_json::Value = Body::Raw(sent.clone()).decode().unwrap();
        assert_eq!(read, serde_json::json!({ "a": [1, 2] }));
        assert_eq!(Body::Raw(sent.clone()).decode::<Vec<u8>>().unwrap(), sent);
        assert!(Body::Raw(b"\x1e{".to_vec()).decode::<Name>().is_err());
    }

    #[test]
    fn what_is_wanted_as_it_came_is_not_copied() {
        let bytes = vec![1, 2, 3];
        let place = bytes.as_ptr();
        let decoded: Vec<u8> = Body::Raw(bytes).decode().unwrap();
        assert_eq!(decoded.as_ptr(), place);
        let text = "as it is".to_owned();
        let place = text.as_ptr();
        let decoded: String = Body::Text(text).decode().unwrap();
        assert_eq!(decoded.as_ptr(), place);
    }

    #[test]
    fn bytes_are_no_text_and_nothing_is_no_number() {
        assert!(Body::Raw(vec![0x61]).decode::<String>().is_err());
        assert!(Body::Raw(Vec::new()).decode::<()>().is_err());
        assert!(Body::Text("1".into()).decode::<u32>().is_err());
        assert!(Body::Json("null".into()).decode::<u32>().is_err());
        assert!(Body::Json(String::new()).decode::<()>().is_err());
    }
}
