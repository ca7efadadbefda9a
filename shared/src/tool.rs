//! What a tool tells about itself: enough to list it, draw its form and show its result.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The shelf that a tool stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ToolCategory {
    /// Works on files as files.
    Files,
    /// Packs and unpacks.
    Archives,
    /// Works on pictures.
    Images,
    /// Fetches and sends.
    Network,
    /// Works on words.
    Text,
}

impl ToolCategory {
    /// The shelf's name as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Files => "Files",
            Self::Archives => "Archives",
            Self::Images => "Images",
            Self::Network => "Network",
            Self::Text => "Text",
        }
    }
}

/// Something that a tool does to the world outside its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// It reads the files and folders that its input names.
    ReadFiles,
    /// It writes where its input says.
    WriteFiles,
    /// It opens network connections.
    Connect,
    /// It starts other programs.
    Spawn,
}

impl Permission {
    /// The permission as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ReadFiles => "reads files",
            Self::WriteFiles => "writes files",
            Self::Connect => "uses the network",
            Self::Spawn => "starts programs",
        }
    }
}

/// What bounds a tool's jobs unless a start says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolLimits {
    /// Seconds after which an attempt is ended as failed; none: it may take as long as it takes.
    pub timeout_seconds: Option<u32>,
    /// How many of its jobs may run at once; none: as many as the engine runs.
    pub concurrency: Option<u32>,
    /// How often a job is attempted whose errors are marked as passing; none: as the policy of
    /// the provider says that failed, three times where there is none.
    pub max_attempts: Option<u32>,
    /// How many bytes the JSON of an input may have; none: a mebibyte.
    pub input_bytes: Option<u32>,
}

impl ToolLimits {
    /// No limit of its own.
    pub const NONE: Self = Self {
        timeout_seconds: None,
        concurrency: None,
        max_attempts: None,
        input_bytes: None,
    };
    /// How many bytes the JSON of an input may have where the tool says nothing.
    pub const INPUT_BYTES: u32 = 1024 * 1024;

    /// How many bytes the JSON of an input may have.
    #[must_use]
    pub const fn most_input_bytes(&self) -> u32 {
        match self.input_bytes {
            Some(bytes) => bytes,
            None => Self::INPUT_BYTES,
        }
    }
}

/// What the engine may do with a tool's jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolBehavior {
    /// Its work may be begun again after it was broken off at any point: doing it twice does no
    /// harm. Without this a job that was interrupted fails and is never repeated by itself.
    pub starts_again: bool,
    /// It keeps checkpoints, so that a running job can be paused and goes on where it was.
    pub checkpoints: bool,
    /// What becomes of a start whose input equals that of an unfinished job.
    pub identical_inputs: IdenticalInputs,
}

impl ToolBehavior {
    /// Nothing is repeated, nothing paused while it runs, and every start is a job of its own.
    pub const CAUTIOUS: Self = Self {
        starts_again: false,
        checkpoints: false,
        identical_inputs: IdenticalInputs::Queue,
    };

    /// Whether a job that was broken off may be begun again by itself: from the start, or from a
    /// checkpoint if it has one.
    #[must_use]
    pub const fn may_begin_again(self, has_checkpoint: bool) -> bool {
        self.starts_again || (self.checkpoints && has_checkpoint)
    }
}

/// What becomes of a start whose input equals that of an unfinished job of the same tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum IdenticalInputs {
    /// It is a job of its own.
    #[default]
    Queue,
    /// It is answered with the unfinished job.
    Join,
    /// It is refused.
    Refuse,
}

/// Everything that a door needs to offer a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ToolDefinition {
    /// The tool's id, in kebab-case; the same everywhere.
    pub name: String,
    /// Its name as people read it.
    pub title: String,
    /// One or two sentences on what it does.
    pub description: String,
    /// The shelf that it stands on.
    pub category: ToolCategory,
    /// The version of its input and output, as in semantic versioning.
    pub version: String,
    /// JSON Schema (2020-12) of its input: an object, each property a field of the form.
    pub input_schema: Value,
    /// JSON Schema (2020-12) of its output.
    pub output_schema: Value,
    /// JSON Schema (2020-12) of what a job of it can be sent while it runs; none if it takes
    /// nothing.
    pub message_schema: Option<Value>,
    /// What it does to the world outside its job.
    pub permissions: Vec<Permission>,
    /// What bounds its jobs unless a start says otherwise.
    pub limits: ToolLimits,
    /// What the engine may do with its jobs.
    pub behavior: ToolBehavior,
}
