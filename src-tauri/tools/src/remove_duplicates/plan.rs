//! Which of several copies is kept.

use std::path::Path;

use toolroom_toolkit::FileMetadata;

use super::{Keep, copies::Copy};

/// Takes the copy that is kept out of `copies`; none if none may be.
pub(super) fn take_kept<'a>(
    copies: &mut Vec<Copy<'a>>,
    keep: Keep,
    under: Option<&Path>,
) -> Option<Copy<'a>> {
    let may_be_kept = copies
        .iter()
        .enumerate()
        .filter(|(_, copy)| is_under(copy, under))
        .map(|(index, copy)| (index, copy.metadata));
    let index = best(may_be_kept, keep)?;
    Some(copies.remove(index))
}

/// Whether a copy is in a folder, if there is one to be in.
pub(super) fn is_under(copy: &Copy<'_>, folder: Option<&Path>) -> bool {
    folder.is_none_or(|folder| copy.resolved.starts_with(folder))
}

/// Of several the first, the oldest or the newest; of several that are equally old the first. One whose
/// time isn't known comes last.
fn best(copies: impl Iterator<Item = (usize, FileMetadata)>, keep: Keep) -> Option<usize> {
    let age = |metadata: &FileMetadata| metadata.modified;
    let best = copies.reduce(|best, next| {
        let is_better = match (keep, age(&best.1), age(&next.1)) {
            (Keep::First, _, _) | (_, _, None) => false,
            (_, None, Some(_)) => true,
            (Keep::Oldest, Some(best), Some(next)) => next < best,
            (Keep::Newest, Some(best), Some(next)) => next > best,
        };
        if is_better { next } else { best }
    });
    best.map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, SystemTime};
    use toolroom_toolkit::FileKind;

    proptest! {
        #[test]
        fn the_kept_one_is_the_first_of_the_oldest_or_newest(
            times in proptest::collection::vec(proptest::option::of(0u64..5), 1..8)
        ) {
            let time = |seconds: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let copies: Vec<_> = times.iter().map(|seconds| FileMetadata {
                kind: FileKind::File,
                bytes: 1,
                modified: seconds.map(time),
                mode: None,
                id: None,
                links: 1,
            }).enumerate().collect();
            let kept = |keep| best(copies.iter().copied(), keep).unwrap();
            prop_assert_eq!(kept(Keep::First), 0);
            let known = || times.iter().enumerate().filter_map(|(index, time)| Some(((*time)?, index)));
            let oldest = known().min().map_or(0, |(_, index)| index);
            prop_assert_eq!(kept(Keep::Oldest), oldest);
            let newest = known().map(|(time, index)| (time, std::cmp::Reverse(index))).max();
            prop_assert_eq!(kept(Keep::Newest), newest.map_or(0, |(_, index)| index.0));
        }
    }
}
