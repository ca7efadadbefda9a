//! The kinds of archives that are written, and how hard each may try.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an archive is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum Format {
    /// What the ending of its name says: .zip, .tar, .tar.gz, .tgz, .tar.zst or .tzst.
    #[default]
    #[serde(rename = "by_name")]
    #[schemars(title = "By its name")]
    ByName,
    /// Each file packed by itself.
    #[serde(rename = "zip")]
    #[schemars(title = "Zip")]
    Zip,
    /// Not packed, only put together.
    #[serde(rename = "tar")]
    #[schemars(title = "tar")]
    Tar,
    /// A tar in gzip: opened by everything but old Windows.
    #[serde(rename = "tar.gz")]
    #[schemars(title = "tar.gz")]
    TarGz,
    /// A tar in Zstandard: the fastest, and smaller than gzip.
    #[serde(rename = "tar.zst")]
    #[schemars(title = "tar.zst")]
    TarZst,
}

impl Format {
    /// With its name looked at; none if the name doesn't say it.
    pub fn of(self, archive: &Path) -> Option<Self> {
        const ENDINGS: [(&str, Format); 6] = [
            (".zip", Format::Zip),
            (".tar", Format::Tar),
            (".tar.gz", Format::TarGz),
            (".tgz", Format::TarGz),
            (".tar.zst", Format::TarZst),
            (".tzst", Format::TarZst),
        ];
        if self != Self::ByName {
            return Some(self);
        }
        let name = archive.file_name()?.to_string_lossy().to_ascii_lowercase();
        let (_, format) = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending))?;
        Some(*format)
    }

    /// What is wrong with a level, if it is.
    pub fn problem_with(self, level: u32) -> Option<&'static str> {
        match (self, level) {
            (Self::Zip | Self::TarGz, 10..) => {
                Some("Only tar.zst has levels above 9. Choose one from 1 to 9.")
            }
            (Self::Tar, _) => Some(
                "A plain tar isn't compressed and has no level. Leave it empty, or choose another format.",
            ),
            _ => None,
        }
    }

    /// The level where none is chosen: what the programs of each format take.
    pub fn usual_level(self) -> u32 {
        match self {
            Self::TarZst => 3,
            _ => 6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_what_it_is_unless_it_is_chosen() {
        for (name, format) in [
            ("a.zip", Some(Format::Zip)),
            ("A.TAR.GZ", Some(Format::TarGz)),
            ("a.tgz", Some(Format::TarGz)),
            ("a.b.tar", Some(Format::Tar)),
            ("a.tzst", Some(Format::TarZst)),
            ("a.gz", None),
            ("zip", None),
            ("a.zip/..", None),
        ] {
            assert_eq!(Format::ByName.of(name.as_ref()), format, "{name}");
            assert_eq!(Format::Tar.of(name.as_ref()), Some(Format::Tar));
        }
    }
}
