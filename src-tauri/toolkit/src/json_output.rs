//! An output as JSON, in the form that its size asks for.
//!
//! A small one is wanted as a value, to be carried in a job's snapshot. Of a large one nobody wants
//! more than its text, to be stored and read by page: as a value it would take several times the
//! memory and as long again.

use std::io;

use serde::Serialize;
use serde_json::Value;

use crate::BlockingPool;

/// How many bytes of JSON text a small output has at most.
pub const INLINE_BYTES: usize = 256 * 1024;

/// An output as JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonOutput {
    /// At most [`INLINE_BYTES`] of text.
    Small {
        /// As a value.
        value: Value,
        /// The same as text.
        text: String,
    },
    /// The text of a larger one.
    Large(String),
}

impl JsonOutput {
    /// `output` as JSON.
    ///
    /// # Errors
    /// If JSON can't hold it, as a map whose keys aren't text.
    pub fn of(output: &impl Serialize) -> Result<Self, serde_json::Error> {
        let text = serde_json::to_string(output)?;
        Self::with_text(output, text)
    }

    /// The same without holding up an async worker: what is large is written in `pool`. Nothing if
    /// the runtime goes down meanwhile.
    ///
    /// # Errors
    /// If JSON can't hold it.
    pub async fn of_any_size<T>(
        output: T,
        pool: &BlockingPool,
    ) -> Option<Result<Self, serde_json::Error>>
    where
        T: Serialize + Send + 'static,
    {
        let mut room = Room(Vec::new());
        match serde_json::to_writer(&mut room, &output) {
            Ok(()) => Some(match String::from_utf8(room.0) {
                Ok(text) => Self::with_text(&output, text),
                // JSON is text always; were it not, it would be told as any other fault.
                Err(error) => Err(serde::ser::Error::custom(error)),
            }),
            Err(error) if error.is_io() => {
                drop(room);
                pool.run(move || Self::of(&output)).await
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// The whole of it as a value.
    ///
    /// # Errors
    /// If a large one is nested deeper than JSON is read.
    pub fn into_value(self) -> Result<Value, serde_json::Error> {
        match self {
            Self::Small { value, .. } => Ok(value),
            Self::Large(text) => serde_json::from_str(&text),
        }
    }

    fn with_text(output: &impl Serialize, text: String) -> Result<Self, serde_json::Error> {
        if text.len() > INLINE_BYTES {
            return Ok(Self::Large(text));
        }
        let value = serde_json::to_value(output)?;
        Ok(Self::Small { value, text })
    }
}

impl From<Value> for JsonOutput {
    fn from(value: Value) -> Self {
        let text = value.to_string();
        if text.len() > INLINE_BYTES {
            Self::Large(text)
        } else {
            Self::Small { value, text }
        }
    }
}

/// Room for a small output; refuses what doesn't fit.
struct Room(Vec<u8>);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > INLINE_BYTES {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[tokio::test]
    async fn what_is_larger_than_a_snapshot_carries_is_text_alone() {
        let pool = BlockingPool::default();
        for (length, is_large) in [(INLINE_BYTES - 2, false), (INLINE_BYTES - 1, true)] {
            let output = "x".repeat(length);
            let text = format!("\"{output}\"");
            let expected = if is_large {
                JsonOutput::Large(text)
            } else {
                let value = Value::from(output.as_str());
                JsonOutput::Small { value, text }
            };
            assert_eq!(JsonOutput::of(&output).unwrap(), expected);
            assert_eq!(JsonOutput::from(Value::from(output.as_str())), expected);
            let moved = JsonOutput::of_any_size(output, &pool).await;
            assert_eq!(moved.unwrap().unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn what_json_cannot_hold_is_an_error_whatever_its_size() {
        let pool = BlockingPool::default();
        for padding in [0, INLINE_BYTES] {
            let output = ("x".repeat(padding), BTreeMap::from([((1, 2), 3)]));
            assert!(JsonOutput::of(&output).is_err());
            assert!(
                JsonOutput::of_any_size(output, &pool)
                    .await
                    .unwrap()
                    .is_err()
            );
        }
    }
}
