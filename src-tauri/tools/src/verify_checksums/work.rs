//! The work from the manifests to the result.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use toolroom_toolkit::{
    ErrorCode, InputPath, Phase, Skipped, ToolError, ToolExecutionContext, walk::Links,
};

use super::{
    Input, Output, State, UnlistedFile, reading,
    survey::{Check, Survey, read_manifest},
};
use crate::support::spread::spread;

/// Verifies what the manifests list.
pub fn verify(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    let folder = match &input.folder {
        Some(folder) => Some(ctx.input(folder)?.open_folder()?.path().to_owned()),
        None => None,
    };
    ctx.progress.begin(
        Phase::new("Reading manifests")
            .counting("lines", None)
            .spanning(0, 0),
    );
    let mut survey = Survey::new(ctx, input);
    for path in &input.manifests {
        let place = match ctx.input(path) {
            Err(error) if error.is_not_allowed() => return Err(error.into()),
            result => result.map_err(|error| Skipped::from(&error)),
        };
        let read = place.and_then(|place| {
            let bytes = read_manifest(&place)?;
            Ok((place, bytes))
        });
        let (place, bytes) = match read {
            Ok(read) => read,
            Err(skipped) => {
                survey.output.skipped.push(skipped);
                continue;
            }
        };
        let folder = folder
            .clone()
            .or_else(|| path.as_path().parent().map(Path::to_owned))
            .unwrap_or_default();
        survey.take(&place, &bytes, folder)?;
    }
    let Survey {
        mut output,
        checks,
        found,
        mut folders,
        ..
    } = survey;
    if checks.is_empty() {
        return Err(ToolError::failed(
            ErrorCode::Tool("nothing_to_verify".to_owned()),
            "None of the manifests has a line that could be used. Nothing was verified; the result says what they have instead.",
        )
        .with_partial(&output));
    }
    check_all(ctx, checks, &mut output);
    if ctx.is_canceled() {
        return Err(ToolError::canceled().with_partial(&output));
    }
    let missing_matters = output.missing > 0 && !input.ignore_missing;
    output.all_well = output.ok > 0
        && output.changed + output.unreadable + output.malformed == 0
        && !missing_matters
        && output.skipped.is_empty();
    if input.unlisted {
        folders.sort();
        folders.dedup();
        if let Err(error) = list_unlisted(ctx, &folders, &found, &mut output) {
            return Err(error.with_partial(&output));
        }
    }
    Ok(output)
}

fn check_all(ctx: &ToolExecutionContext, checks: Vec<Check>, output: &mut Output) {
    let mut listed: Vec<_> = (0..)
        .zip(&checks)
        .filter_map(|(index, check)| Some((index, check.listed.as_ref()?)))
        .collect();
    let total = listed.iter().map(|(_, listed)| listed.bytes).sum();
    listed.sort_by_key(|(_, listed)| listed.bytes < reading::LONG);
    ctx.progress
        .begin(Phase::new("Verifying").counting("bytes", Some(total)));
    let read = spread(ctx, &listed, |(index, listed), buffer| {
        Some((*index, reading::check(ctx, listed, buffer)?))
    });
    let mut verdicts: HashMap<usize, _> = read.into_iter().flatten().collect();
    for (index, Check { mut file, listed }) in checks.into_iter().enumerate() {
        if listed.is_some() {
            let Some(verdict) = verdicts.remove(&index) else {
                continue; // canceled before it was done
            };
            file.state = verdict.state;
            file.algorithm = verdict.algorithm;
            file.message = verdict.message;
            output.total_bytes += verdict.bytes;
        }
        let count = match file.state {
            State::Ok => &mut output.ok,
            State::Changed => &mut output.changed,
            State::Missing => &mut output.missing,
            State::Unreadable => &mut output.unreadable,
        };
        *count += 1;
        output.files.push(file);
    }
}

/// Lists what is in the folders and in no manifest.
fn list_unlisted(
    ctx: &ToolExecutionContext,
    folders: &[PathBuf],
    found: &HashSet<PathBuf>,
    output: &mut Output,
) -> Result<(), ToolError> {
    let folders: Vec<_> = folders
        .iter()
        .filter_map(|folder| InputPath::try_from(folder.clone()).ok())
        .collect();
    // What a listed link leads to was verified: it isn't new under the link's name.
    ctx.progress.begin(
        Phase::new("Looking for other files")
            .counting("files", None)
            .spanning(100, 100),
    );
    let list = ctx.walk(&folders)?.links(Links::Follow).metadata().list()?;
    let mut seen = HashSet::new();
    for entry in list.entries {
        let place = entry.resolved();
        if !found.contains(&place) && seen.insert(place) {
            output.unlisted.push(UnlistedFile {
                path: entry.path().to_string_lossy().into_owned(),
                bytes: entry.metadata()?.bytes,
            });
        }
    }
    output.skipped.extend(list.skipped);
    Ok(())
}
