//! Where a result goes: into the snapshot if it is small, else into a file of its own.

use std::{io, sync::Arc};

use toolroom_shared::{AppError, ErrorCode};
use toolroom_toolkit::{BlockingPool, JsonOutput};
use uuid::Uuid;

use crate::{record::Output, store::Artifacts};

/// A result in its place, with its JSON text where the history wants that.
#[derive(Debug)]
pub struct PlacedOutput {
    /// Where it stands.
    pub output: Output,
    /// Its JSON text, for the history.
    pub text: Option<String>,
}

/// Puts a result into its place where there is no history on disk.
pub fn place_in_memory(output: JsonOutput) -> PlacedOutput {
    let output = match output {
        JsonOutput::Small { value, .. } => Output::Inline(Arc::new(value)),
        JsonOutput::Large(text) => Output::Text(text.into()),
    };
    PlacedOutput { output, text: None }
}

/// Puts a result into its place where there is a history on disk, if it is small.
///
/// # Errors
/// Its JSON text, if it is large.
pub fn place_small(output: JsonOutput) -> Result<PlacedOutput, String> {
    match output {
        JsonOutput::Small { value, text } => Ok(PlacedOutput {
            output: Output::Inline(Arc::new(value)),
            text: Some(text),
        }),
        JsonOutput::Large(text) => Err(text),
    }
}

/// Writes a large result to a file, in `pool`.
///
/// # Errors
/// `artifact_not_written`.
pub async fn place_large(
    text: String,
    id: Uuid,
    artifacts: &Artifacts,
    pool: &BlockingPool,
) -> Result<PlacedOutput, AppError> {
    let bytes = text.len();
    let artifacts = artifacts.clone();
    match pool.run(move || artifacts.write(id, &text)).await {
        Some(Ok(bytes)) => Ok(PlacedOutput {
            output: Output::Artifact { bytes },
            text: None,
        }),
        Some(Err(error)) => Err(not_written(bytes, &error)),
        None => Err(not_written(bytes, &io::ErrorKind::Interrupted.into())),
    }
}

fn not_written(bytes: usize, error: &io::Error) -> AppError {
    AppError::new(
        ErrorCode::ArtifactNotWritten,
        format!(
            "The work is done, but its result of {} KiB could not be written down: {error}. The result is lost; files that the tool wrote are not. Make room in the data folder and retry.",
            bytes / 1024
        ),
    )
}

/// A piece of a text from `offset`, whole characters, at most `max_bytes`; and where the next one
/// begins.
///
/// # Errors
/// `invalid_query`, for an offset past the end or within a character.
pub fn piece(text: &str, offset: u64, max_bytes: usize) -> Result<(String, Option<u64>), AppError> {
    let rest = usize::try_from(offset)
        .ok()
        .and_then(|offset| text.get(offset..))
        .ok_or_else(|| {
            AppError::new(
                ErrorCode::InvalidQuery,
                format!("No piece of this output begins at byte {offset}. Go on from next_offset."),
            )
        })?;
    let end = rest.floor_char_boundary(max_bytes);
    let next = (end < rest.len()).then(|| offset + end as u64);
    Ok((rest[..end].to_owned(), next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use toolroom_toolkit::INLINE_BYTES;

    #[test]
    fn what_is_larger_than_a_snapshot_carries_is_placed_outside_of_it() {
        let fits = json!("x".repeat(INLINE_BYTES - 2));
        let too_large = json!("x".repeat(INLINE_BYTES - 1));
        for (value, bytes) in [(fits, None), (too_large, Some(INLINE_BYTES as u64 + 1))] {
            assert_eq!(place_in_memory(value.into()).output.large_bytes(), bytes);
        }
    }

    proptest! {
        #[test]
        fn pieces_put_together_are_the_whole(text in "\\PC{0,60}", max_bytes in 4usize..9) {
            let (mut all, mut at) = (String::new(), Some(0));
            while let Some(offset) = at {
                let (part, next) = piece(&text, offset, max_bytes).unwrap();
                all.push_str(&part);
                at = next;
            }
            prop_assert_eq!(all, text);
        }
    }
}
