//! A row of a list: what replies are made of whose speed is measured.

use serde::{Deserialize, Serialize};

/// How many rows make a reply of about 100 kB.
pub const ROWS_OF_A_LARGE_REPLY: u32 = 1_000;

/// A row of a list, of about 100 bytes of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Row {
    /// Its number.
    pub number: u32,
    /// A file's name.
    pub name: String,
    /// The folder that it is in.
    pub folder: String,
    /// Its size.
    pub bytes: f64,
    /// Whether it is done.
    pub done: bool,
}

impl Row {
    /// The row of that number: the same each time.
    #[must_use]
    pub fn numbered(number: u32) -> Self {
        Self {
            number,
            name: format!("picture-{number:04}.jpg"),
            folder: format!("/home/me/pictures/{}", 2000 + number % 27),
            bytes: f64::from(number) * 1_234.5,
            done: number.is_multiple_of(2),
        }
    }

    /// A number that every field has a part in: who asks for it has read them all.
    #[must_use]
    pub fn touch(&self) -> f64 {
        let lengths = self.name.len() + self.folder.len();
        f64::from(self.number) + lengths as f64 + self.bytes + f64::from(u8::from(self.done))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_about_100_bytes_and_a_large_reply_about_100_kilobytes() {
        let size = |rows: u32| {
            let rows: Vec<Row> = (0..rows).map(Row::numbered).collect();
            serde_json::to_string(&rows).unwrap().len()
        };
        assert!((80..120).contains(&size(1)), "{}", size(1));
        let large = size(ROWS_OF_A_LARGE_REPLY);
        assert!((90_000..120_000).contains(&large), "{large}");
    }
}
