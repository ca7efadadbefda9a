//! Paths as inputs name them. The types tell the form and the policy what a path is for.
//!
//! Only whole paths are taken: a job outlives the folder from which it was started. What a path
//! leads to, and whether the job may go there, is asked when it runs (`files`).

use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A path that can't be an input's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPath {
    /// It isn't a whole path.
    Relative,
    /// It holds a NUL, which no file's name can.
    Nul,
}

impl fmt::Display for BadPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative if cfg!(windows) => {
                f.write_str(r"Give the whole path, such as C:\Users\me\Pictures.")
            }
            Self::Relative => f.write_str("Give the whole path, such as /home/me/Pictures."),
            Self::Nul => f.write_str("A path can't hold a NUL character."),
        }
    }
}

impl std::error::Error for BadPath {}

fn checked(path: PathBuf) -> Result<PathBuf, BadPath> {
    if path.as_os_str().as_encoded_bytes().contains(&0) {
        Err(BadPath::Nul)
    } else if path.is_absolute() {
        Ok(path)
    } else {
        Err(BadPath::Relative)
    }
}

macro_rules! path_type {
    ($(#[$doc:meta])* $name:ident, $purpose:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "PathBuf")]
        pub struct $name(PathBuf);

        impl $name {
            /// The path as it was given.
            #[must_use]
            pub fn as_path(&self) -> &Path {
                &self.0
            }
        }

        impl TryFrom<PathBuf> for $name {
            type Error = BadPath;

            fn try_from(path: PathBuf) -> Result<Self, BadPath> {
                checked(path).map(Self)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "minLength": 1,
                    "format": "path",
                    "x-path": $purpose,
                })
            }
        }
    };
}

path_type!(
    /// A file or folder that the tool reads.
    InputPath,
    "input"
);

path_type!(
    /// A file that the tool writes.
    OutputPath,
    "output"
);

path_type!(
    /// A folder that the tool writes into. It is made if it isn't there.
    OutputDir,
    "output-dir"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(text: &str) -> Result<InputPath, String> {
        serde_json::from_value(serde_json::json!(text)).map_err(|error| error.to_string())
    }

    proptest! {
        #[test]
        fn a_path_is_taken_as_it_is_given_if_it_is_whole(text in "/?[a-z./ ä]{0,12}") {
            match decoded(&text) {
                Ok(path) => {
                    prop_assert!(text.starts_with('/'));
                    prop_assert_eq!(serde_json::to_value(&path).unwrap(), text);
                }
                Err(said) => {
                    prop_assert!(!text.starts_with('/'));
                    prop_assert_eq!(said, BadPath::Relative.to_string());
                }
            }
        }
    }

    #[test]
    fn a_name_that_no_file_can_have_is_refused() {
        assert_eq!(decoded("/a\0b").unwrap_err(), BadPath::Nul.to_string());
    }
}
