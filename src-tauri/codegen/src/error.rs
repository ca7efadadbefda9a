//! Why nothing was written.

use std::io;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CodegenError {
    /// A channel stands where a client can't make one.
    #[error(
        "{place} has a channel within a type or a result. Pass it as an argument by itself: on_event: Channel<T>."
    )]
    MisplacedChannel {
        /// The command or event.
        place: String,
    },
    /// Two functions of the client would have one name.
    #[error("{place} would be called {name} in the client, as {by} is. Rename it.")]
    NameTaken {
        /// The command or event.
        place: String,
        /// The name.
        name: String,
        /// Who has it already.
        by: String,
    },
    /// A type has no path in a shared crate.
    #[error(
        "{place} uses the type {name} of {module}, which has no path in a shared crate. Move it there, or name its path with TypePaths."
    )]
    UnmappedType {
        /// The command or event.
        place: String,
        /// The type's name.
        name: String,
        /// The module that it is defined in.
        module: String,
    },
    /// A type can't be carried.
    #[error("{place} uses {what}, which a client can't carry. Give it a name in a shared crate.")]
    UnsupportedType {
        /// The command or event.
        place: String,
        /// What it is.
        what: String,
    },
    /// The contract holds what must not go over the wire.
    #[error("{}", .0.join("\n"))]
    OffTheWire(
        /// Every problem there is, each a sentence that says what to write instead.
        Vec<String>,
    ),
    /// specta-serde doesn't know how serde writes a type.
    #[error("How serde writes the contract's types can't be told: {0}")]
    UnknownFormat(
        /// What specta-serde says.
        String,
    ),
    /// The file can't be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// TypeScript has no way to spell it.
    #[error("This can't be written in TypeScript: {0}")]
    TypeScript(String),
    /// Two types would have one name in a file without modules.
    #[error(
        "Two types would be called {name} in the client: one of {first}, and one of {second}. Rename one of them with #[serde(rename = \"…\")]."
    )]
    TypeNameTaken {
        /// The name.
        name: String,
        /// The module of the one.
        first: String,
        /// The module of the other.
        second: String,
    },
}
