//! What travels: JSON text or raw bytes, and how either becomes a value.

use std::any::Any;

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer},
};

/// An answer, an event's payload or a channel's message, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// JSON text. What JavaScript calls `undefined` is `null`.
    Json(String),
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

    /// The value that it holds. Raw bytes are a `Vec<u8>`, which takes them as they are, or
    /// whatever else can be made of a list of numbers.
    ///
    /// # Errors
    /// If it is not a `T`.
    pub fn decode<T: DeserializeOwned + 'static>(self) -> Result<T, serde_json::Error> {
        match self {
            Self::Json(text) => serde_json::from_str(&text),
            Self::Raw(bytes) => {
                let mut bytes = Some(bytes);
                // Where bytes are wanted they are handed on and not read one by one.
                if let Some(same) = (&mut bytes as &mut dyn Any).downcast_mut::<Option<T>>()
                    && let Some(value) = same.take()
                {
                    return Ok(value);
                }
                T::deserialize(bytes.unwrap_or_default().into_deserializer())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_arrive_the_same_as_raw_bytes_and_as_a_list_of_numbers(bytes: Vec<u8>) {
            let raw: Vec<u8> = Body::Raw(bytes.clone()).decode().unwrap();
            let listed: Vec<u8> = Body::json(&bytes).unwrap().decode().unwrap();
            let other: Vec<u16> = Body::Raw(bytes.clone()).decode().unwrap();
            prop_assert_eq!(&raw, &bytes);
            prop_assert_eq!(&listed, &bytes);
            prop_assert!(other.iter().copied().eq(bytes.iter().copied().map(u16::from)));
        }
    }

    #[test]
    fn bytes_that_are_wanted_as_bytes_are_not_copied() {
        let bytes = vec![1, 2, 3];
        let place = bytes.as_ptr();
        let decoded: Vec<u8> = Body::Raw(bytes).decode().unwrap();
        assert_eq!(decoded.as_ptr(), place);
    }

    #[test]
    fn bytes_are_no_text_and_nothing_is_no_number() {
        assert!(Body::Raw(vec![0x61]).decode::<String>().is_err());
        assert!(Body::Raw(Vec::new()).decode::<()>().is_err());
        assert!(Body::Json("null".into()).decode::<u32>().is_err());
        assert!(Body::Json(String::new()).decode::<()>().is_err());
    }
}
