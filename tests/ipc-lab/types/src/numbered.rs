//! Messages of a channel that tell their own place and size.

use serde::{Deserialize, Serialize};

/// A message with a number, whose JSON text has the size that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Numbered {
    /// Its place, from 0.
    pub number: u32,
    /// What fills it up.
    pub filling: String,
}

impl Numbered {
    /// The message `number`, of `size` bytes of JSON; a few more where so few can't hold a number.
    #[must_use]
    pub fn of_size(number: u32, size: u32) -> Self {
        let digits = number.checked_ilog10().map_or(1, |log| log + 1);
        let empty = r#"{"number":,"filling":""}"#.len() as u32 + digits;
        Self {
            number,
            filling: "x".repeat(size.saturating_sub(empty) as usize),
        }
    }

    /// The raw message `number`, of `size` bytes: the number in four bytes, then what fills it up.
    #[must_use]
    pub fn raw(number: u32, size: u32) -> Vec<u8> {
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.resize((size as usize).max(bytes.len()), b'x');
        bytes
    }
}

/// What came of a flood of messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flood {
    /// How many came.
    pub received: u32,
    /// How many of them were, byte for byte, what was sent in their place.
    pub in_place: u32,
    /// How many of them could not be read.
    pub unreadable: u32,
    /// Whether the end came after the last of them.
    pub ended: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_size_that_was_asked_for() {
        for number in [0, 9, 10, 99_999] {
            for size in [100, 8_191, 8_192, 20_000] {
                let json = serde_json::to_string(&Numbered::of_size(number, size)).unwrap();
                assert_eq!(json.len(), size as usize, "number {number}");
                assert_eq!(Numbered::raw(number, size).len(), size as usize);
            }
        }
    }
}
