//! What was found, as the output shows it.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_toolkit::FileMetadata;

use super::{Copy, Group, HardLink, Output, search};

/// The output for what was found.
pub(super) fn report(found: search::Found) -> Output {
    // Each goes as soon as it is told, lest everything be held twice.
    let groups: Vec<_> = found.groups.into_iter().map(group).collect();
    Output {
        wasted_bytes: groups.iter().map(|group| group.wasted_bytes).sum(),
        duplicates: groups.iter().map(|group| group.copies - 1).sum(),
        files: found.files,
        total_bytes: found.total_bytes,
        read_bytes: found.read_bytes,
        groups,
        hard_links: found.linked.iter().flat_map(hard_links).collect(),
        skipped: found.skipped,
    }
}

fn group(group: search::Group) -> Group {
    let copies = group.files.len() as u64;
    let times = || group.files.iter().filter_map(|file| file.metadata.modified);
    Group {
        bytes: group.bytes,
        copies,
        wasted_bytes: group.wasted_bytes(),
        oldest: times().min().and_then(written),
        newest: times().max().and_then(written),
        digest: group.digest.to_hex().to_string(),
        files: group.files.iter().flat_map(names).collect(),
    }
}

/// A file under each of its names.
fn names(file: &search::File) -> Vec<Copy> {
    let modified = modified(&file.metadata);
    let mut names = file
        .names
        .iter()
        .map(|name| name.path().to_string_lossy().into_owned());
    let Some(first) = names.next() else {
        return Vec::new();
    };
    let further: Vec<_> = names
        .map(|path| Copy {
            path,
            modified: modified.clone(),
            hard_link_of: Some(first.clone()),
        })
        .collect();
    let first = Copy {
        path: first,
        modified,
        hard_link_of: None,
    };
    std::iter::once(first).chain(further).collect()
}

fn hard_links(file: &search::File) -> Vec<HardLink> {
    let mut names = file
        .names
        .iter()
        .map(|name| name.path().to_string_lossy().into_owned());
    let Some(first) = names.next() else {
        return Vec::new();
    };
    names
        .map(|path| HardLink {
            path,
            same_file_as: first.clone(),
            bytes: file.metadata.bytes,
        })
        .collect()
}

/// When a file was changed, as it stands in outputs and inputs.
pub(crate) fn modified(metadata: &FileMetadata) -> Option<String> {
    metadata.modified.and_then(written)
}

fn written(time: std::time::SystemTime) -> Option<String> {
    OffsetDateTime::from(time).format(&Rfc3339).ok()
}
