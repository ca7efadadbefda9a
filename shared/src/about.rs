//! What an app is made of: for people who report something, and for those whose work is in it.

use serde::{Deserialize, Serialize};

/// What the app that runs is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct About {
    /// Its version.
    pub version: String,
    /// What its contract means, in short.
    pub contract_hash: String,
    /// Where its engine keeps everything.
    pub data_folder: String,
    /// The system it runs on.
    pub system: String,
    /// The larger parts that it stands on.
    pub parts: Vec<PartVersion>,
    /// Everything that is built in, by name.
    pub licences: Vec<PartLicence>,
}

/// A part that the app stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PartVersion {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Something that is built in, and on which terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PartLicence {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
}
