//! What must not go over the wire.
//!
//! Every rule is about what clients, in whichever language, can't do right: numbers that JavaScript
//! rounds, channels where none can be made, types that are written otherwise than they are read,
//! names that meet. All problems are found at once, and each is told with what to write instead.
//! How a type is described is `json_schema`'s business.
//!
//! `serde_json::Value` may stand anywhere: it is anything, and what it is made of isn't looked at.

mod names;
mod shapes;
mod walk;

use tauri_specta::BuilderConfiguration;

use crate::{
    CodegenError,
    json_schema::{SchemaWriter, definitions::Definitions},
    wire_types::{PHASES, WireTypes},
};

pub use names::argument_name;

/// Checks a contract against every rule.
///
/// # Errors
/// [`CodegenError::OffTheWire`] with every problem there is.
pub fn check(contract: &BuilderConfiguration) -> Result<(), CodegenError> {
    check_types(contract, &WireTypes::of(contract)?)
}

/// The same for types that are at hand already.
pub(crate) fn check_types(
    contract: &BuilderConfiguration,
    wire: &WireTypes,
) -> Result<(), CodegenError> {
    let mut problems = names::problems(contract);
    problems.extend(walk::problems(wire));
    let found = definitions(wire);
    problems.extend_from_slice(found.problems());
    problems.extend(shapes::problems(&found));
    if problems.is_empty() {
        Ok(())
    } else {
        Err(CodegenError::OffTheWire(problems))
    }
}

/// Every type in both phases: a client reads with the same Rust type what the backend writes.
fn definitions(wire: &WireTypes) -> Definitions {
    let mut found = Definitions::default();
    for phase in PHASES {
        for part in wire.parts() {
            let mut writer = SchemaWriter {
                wire,
                phase,
                docs: false,
                found: &mut found,
                place: &part.place,
            };
            writer.schema(&wire.shape(part, phase));
        }
        for event in &wire.events {
            // In the other phase an event's wrapper is looked through just the same.
            let mut writer = SchemaWriter {
                wire,
                phase,
                docs: false,
                found: &mut found,
                place: &event.payload.place,
            };
            writer.schema(&wire.payload(event, phase));
        }
    }
    found
}
