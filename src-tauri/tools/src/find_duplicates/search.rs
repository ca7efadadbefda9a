//! The search itself: finds the files and brings the names of one file together. Whoever isn't alone with
//! its size is compared by `compare`.

use std::{collections::HashSet, mem};

use schemars::JsonSchema;
use serde::Serialize;
use toolroom_toolkit::{
    ErrorCode, FileMetadata, InputPath, Phase, SkipReason, SkipSentence, ToolError,
    ToolExecutionContext,
    walk::{self, Entry, IgnoreRules, Visitor},
};

use super::compare::compare;

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub paths: &'a [InputPath],
    pub minimum_bytes: u64,
    pub heed_ignore_files: bool,
    pub skip_hidden: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The group that wastes the most first.
    pub groups: Vec<Group>,
    /// Files that were found under several names.
    pub linked: Vec<File>,
    pub skipped: Vec<Skipped>,
    pub files: u64,
    pub total_bytes: u64,
    pub read_bytes: u64,
}

/// Files with the same content, at least two.
#[derive(Debug)]
pub(crate) struct Group {
    pub bytes: u64,
    pub digest: blake3::Hash,
    /// In the order of their first names.
    pub files: Vec<File>,
}

impl Group {
    pub(crate) fn wasted_bytes(&self) -> u64 {
        self.bytes * (self.files.len() as u64).saturating_sub(1)
    }
}

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub metadata: FileMetadata,
    /// Where it was found, in order; several if it has hard links.
    pub names: Vec<Entry>,
}

/// Something that was left out.
pub type Skipped = toolroom_toolkit::Skipped<Reason>;

/// Why a file or folder was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Reason {
    /// It was changed while it was compared.
    #[schemars(title = "Changed meanwhile")]
    Changed,
    /// As with any file.
    #[serde(untagged)]
    Skip(SkipReason),
}

impl From<SkipReason> for Reason {
    fn from(reason: SkipReason) -> Self {
        Self::Skip(reason)
    }
}

impl SkipSentence for Reason {
    fn sentence(&self) -> &'static str {
        match self {
            Self::Changed => "It was changed while it was compared.",
            Self::Skip(reason) => reason.sentence(),
        }
    }
}

/// Searches, and shows the progress up to `percent`. What was found, and how the search ended: after a
/// cancel the groups have the files that were compared to the end.
///
/// # Errors
/// If a path is outside the roots, or nothing could be read at all.
pub(crate) fn search(
    ctx: &ToolExecutionContext,
    scope: &Scope<'_>,
    percent: u8,
) -> Result<(Found, Result<(), ToolError>), ToolError> {
    let mut found = Found::default();
    let (all, end) = scan(ctx, scope, &mut found)?;
    if end.is_err() {
        return Ok((found, end));
    }
    let mut alike = of_one_size(all, &mut found);
    // As they lie on the disk, more or less.
    alike.sort_unstable_by_key(|file| file.metadata.id);
    found.groups = compare(ctx, alike, percent, &mut found);
    found
        .linked
        .sort_by(|one, other| one.names.cmp(&other.names));
    found
        .skipped
        .sort_by(|one, other| one.path.cmp(&other.path));
    Ok((found, ctx.check_canceled()))
}

struct Gatherer {
    minimum_bytes: u64,
    files: Vec<File>,
    skipped: Vec<Skipped>,
}

impl Visitor for Gatherer {
    fn visit(&mut self, found: walk::Found) -> Result<(), ToolError> {
        match found {
            walk::Found::Entry(entry) => match entry.metadata() {
                Ok(metadata) if metadata.bytes >= self.minimum_bytes => self.files.push(File {
                    metadata,
                    names: vec![entry],
                }),
                Ok(_) => {}
                Err(error) => self
                    .skipped
                    .push(toolroom_toolkit::Skipped::from(&error).with_reason()),
            },
            walk::Found::Skipped(skipped) => self.skipped.push(skipped.with_reason()),
        }
        Ok(())
    }
}

type Scanned = (Vec<File>, Result<(), ToolError>);

fn scan(
    ctx: &ToolExecutionContext,
    scope: &Scope<'_>,
    found: &mut Found,
) -> Result<Scanned, ToolError> {
    ctx.progress.begin(
        Phase::new("Scanning")
            .counting("files", None)
            .spanning(0, 0),
    );
    let mut walk = ctx.walk(scope.paths)?.metadata();
    if scope.heed_ignore_files || scope.skip_hidden {
        walk = walk.ignoring(IgnoreRules {
            git: scope.heed_ignore_files,
            dot_ignore: scope.heed_ignore_files,
            parents: scope.heed_ignore_files,
            hidden: scope.skip_hidden,
            ..IgnoreRules::default()
        });
    }
    let visited = walk.visit(|| Gatherer {
        minimum_bytes: scope.minimum_bytes,
        files: Vec::new(),
        skipped: Vec::new(),
    });
    let mut all = Vec::new();
    for gatherer in visited.visitors {
        all.extend(gatherer.files);
        found.skipped.extend(gatherer.skipped);
    }
    if visited.paths_read == 0 && visited.end.is_ok() {
        return Err(ToolError::failed(
            ErrorCode::Tool("nothing_to_compare".to_owned()),
            "None of the files and folders could be read. Nothing was compared; the result says why for each.",
        )
        .with_partial(&super::report::report(mem::take(found))));
    }
    Ok((all, visited.end))
}

/// Whoever isn't alone with its size. The names of one file are brought together.
fn of_one_size(mut all: Vec<File>, found: &mut Found) -> Vec<File> {
    all.sort_unstable_by_key(|file| (file.metadata.bytes, file.metadata.id));
    let mut alike: Vec<File> = Vec::new();
    let mut of_size: Vec<File> = Vec::new();
    let mut all = all.into_iter().peekable();
    while let Some(mut file) = all.next() {
        let bytes = file.metadata.bytes;
        // Without a number the system doesn't tell: then only the path says what is the same.
        while let Some(same) = all.next_if(|next| {
            next.metadata.bytes == bytes
                && match (next.metadata.id, file.metadata.id) {
                    (None, None) => next.names[0].resolved() == file.names[0].resolved(),
                    (one, other) => one == other,
                }
        }) {
            file.names.extend(same.names);
        }
        if file.names.len() > 1 {
            // A file that lies in two of the folders that were named was found twice.
            file.names.sort();
            let mut places = HashSet::new();
            file.names.retain(|name| places.insert(name.resolved()));
            if file.names.len() > 1 {
                found.linked.push(file.clone());
            }
        }
        found.files += 1;
        found.total_bytes += bytes;
        of_size.push(file);
        if all.peek().is_none_or(|next| next.metadata.bytes != bytes) {
            match of_size.len() {
                1 => of_size.clear(),
                _ => alike.append(&mut of_size),
            }
        }
    }
    alike
}
