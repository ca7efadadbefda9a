//! The work: from what was named to what was done.

use std::{collections::HashMap, path::PathBuf};

use toolroom_toolkit::{FileId, Phase, ToolError, ToolExecutionContext};

use super::{
    Action, GivenGroup, Input, NotDone, Output, Reason, RemovedFile,
    act::{act, check},
    copies::{Copy, Named, ReadCopy},
    plan::{is_under, take_kept},
};
use crate::find_duplicates::search::{self, Scope};

/// So much is read before a cancel is looked for.
const PIECE: usize = 1 << 20;
/// Which part of the progress the search has, of a hundred.
const SEARCH: u8 = 50;

/// Copies of one content, as they were found or given.
struct Group {
    bytes: Option<u64>,
    digest: Option<String>,
    copies: Vec<Named>,
}

impl Group {
    /// How much is read for it at most, as far as that can be told before.
    fn due(&self, ctx: &ToolExecutionContext) -> u64 {
        let looked_up = || {
            let mut copies = self.copies.iter();
            copies.find_map(|copy| Some(copy.look(ctx).ok()?.metadata.bytes))
        };
        let bytes = self.bytes.or_else(looked_up).unwrap_or_default();
        bytes.saturating_mul(self.copies.len() as u64)
    }
}

/// Removes what there is more than once.
pub(super) fn remove(ctx: &ToolExecutionContext, input: &Input) -> Result<Output, ToolError> {
    if input.apply && input.action == Action::Trash {
        ctx.check_writes_anywhere("The trash")?;
    }
    let keep_under = match &input.keep_under {
        Some(folder) => Some(ctx.input(folder)?.resolved()),
        None => None,
    };
    let mut output = Output {
        applied: input.apply,
        action: input.action,
        removed: 0,
        freed_bytes: 0,
        files: Vec::new(),
        not_done: Vec::new(),
    };
    let mut groups: Vec<_> = input.groups.iter().map(given).collect();
    let searched = match input.paths.is_empty() {
        true => 0,
        false => SEARCH,
    };
    if !input.paths.is_empty() {
        let (found, end) = search::search(
            ctx,
            &Scope {
                paths: &input.paths,
                minimum_bytes: input.minimum_bytes,
                heed_ignore_files: false,
                skip_hidden: false,
            },
            searched,
        )?;
        if let Err(error) = end {
            return Err(error.with_partial(&output));
        }
        let skipped = found.skipped.into_iter();
        output.not_done.extend(skipped.map(|skipped| NotDone {
            path: skipped.path,
            reason: match skipped.reason {
                search::Reason::Changed => Reason::Changed,
                search::Reason::Skip(reason) => Reason::Skip(reason),
            },
            message: skipped.message,
        }));
        groups.extend(found.groups.into_iter().map(of_search));
    }
    let mut total = 0u64;
    let mut groups_with_ends = Vec::with_capacity(groups.len());
    for group in groups {
        if ctx.is_canceled() {
            return Err(ToolError::canceled().with_partial(&output));
        }
        total = total.saturating_add(group.due(ctx));
        groups_with_ends.push((group, total));
    }
    let doing = match input.apply {
        true => "Removing",
        false => "Comparing again",
    };
    ctx.progress.begin(
        Phase::new(doing)
            .counting("bytes", Some(total))
            .spanning(searched, 100),
    );
    let mut remover = Remover {
        ctx,
        input,
        keep_under,
        output,
        buffer: vec![0; PIECE],
        names_gone: HashMap::new(),
    };
    for (group, end) in groups_with_ends {
        let more = remover.remove_from(&group);
        if !more || ctx.is_canceled() {
            return Err(ToolError::canceled().with_partial(&remover.output));
        }
        // What didn't have to be read is done too.
        let done = ctx.progress.sample().done;
        ctx.progress.advance(end.saturating_sub(done));
    }
    Ok(remover.output)
}

fn given(group: &GivenGroup) -> Group {
    Group {
        bytes: group.bytes,
        digest: group
            .digest
            .as_ref()
            .map(|digest| digest.to_ascii_lowercase()),
        copies: group.files.iter().cloned().map(Named::Given).collect(),
    }
}

fn of_search(group: search::Group) -> Group {
    let files = group.files.into_iter();
    Group {
        bytes: Some(group.bytes),
        digest: Some(group.digest.to_hex().to_string()),
        copies: files
            .flat_map(|file| {
                let metadata = file.metadata;
                let names = file.names.into_iter();
                names.map(move |name| Named::Found(name, metadata))
            })
            .collect(),
    }
}

struct Remover<'a> {
    ctx: &'a ToolExecutionContext,
    input: &'a Input,
    keep_under: Option<PathBuf>,
    output: Output,
    buffer: Vec<u8>,
    /// How many names of a file went.
    names_gone: HashMap<FileId, u64>,
}

impl Remover<'_> {
    /// Whether it wasn't canceled.
    fn remove_from(&mut self, group: &Group) -> bool {
        let mut copies = Vec::new();
        for named in &group.copies {
            if self.ctx.is_canceled() {
                return false;
            }
            match named.look(self.ctx) {
                Ok(copy)
                    if group
                        .bytes
                        .is_some_and(|bytes| bytes != copy.metadata.bytes) =>
                {
                    self.stays(NotDone::new(&copy.path, Reason::Changed));
                }
                Ok(copy) => copies.push(copy),
                Err(not_done) => self.stays(not_done),
            }
        }
        let kept = loop {
            let Some(copy) = take_kept(&mut copies, self.input.keep, self.keep_under.as_deref())
            else {
                let reason = match self.keep_under {
                    Some(_) => Reason::NoneUnderFolder,
                    None => Reason::LastCopy,
                };
                copies
                    .iter()
                    .for_each(|copy| self.stays(NotDone::new(&copy.path, reason)));
                return true;
            };
            match self.read(copy, group.digest.as_deref()) {
                Some(Ok(kept)) => break kept,
                Some(Err(not_done)) => self.stays(not_done),
                None => return false,
            }
        };
        if copies.is_empty() {
            self.stays(NotDone::new(&kept.path, Reason::LastCopy));
        }
        for copy in copies {
            if self.ctx.is_canceled() {
                return false;
            }
            match self.remove_one(copy, &kept) {
                Some(Ok(())) => {}
                Some(Err(not_done)) => self.stays(not_done),
                None => return false,
            }
        }
        true
    }

    fn stays(&mut self, not_done: NotDone) {
        self.output.not_done.push(not_done);
    }

    /// Reads a copy and compares it with the digest that was told; nothing if a cancel came first.
    fn read(&mut self, copy: Copy<'_>, digest: Option<&str>) -> Option<Result<ReadCopy, NotDone>> {
        let read = copy.read(self.ctx, &mut self.buffer).transpose()?;
        Some(read.and_then(|read| match digest {
            Some(digest) if digest != read.digest.to_hex().as_str() => {
                Err(NotDone::new(&read.path, Reason::Changed))
            }
            _ => Ok(read),
        }))
    }

    fn remove_one(&mut self, copy: Copy<'_>, kept: &ReadCopy) -> Option<Result<(), NotDone>> {
        if copy.metadata.id.is_some() && copy.metadata.id == kept.metadata.id {
            return Some(Err(NotDone::new(&copy.path, Reason::SameFile)));
        }
        if self.keep_under.is_some() && is_under(&copy, self.keep_under.as_deref()) {
            return Some(Err(NotDone::new(&copy.path, Reason::Kept)));
        }
        if copy.metadata.bytes != kept.metadata.bytes {
            return Some(Err(NotDone::new(&copy.path, Reason::OtherContent)));
        }
        let copy = match self.read(copy, None)? {
            Ok(copy) => copy,
            Err(not_done) => return Some(Err(not_done)),
        };
        if let Err(not_done) = check(self.input.action, &copy, kept) {
            return Some(Err(not_done));
        }
        if self.input.apply {
            if let Err(not_done) = act(self.input.action, &copy, kept) {
                return Some(Err(not_done));
            }
            let did = match self.input.action {
                Action::HardLink => "is now a hard link of",
                Action::Trash => "is now in the trash, as a copy of",
            };
            let (path, kept) = (copy.path.display(), kept.path.display());
            self.ctx.log.line(format!("{path} {did} {kept}"));
        }
        self.count(&copy, kept);
        Some(Ok(()))
    }

    fn count(&mut self, copy: &ReadCopy, kept: &ReadCopy) {
        let bytes = copy.metadata.bytes;
        self.output.removed += 1;
        if self.is_last_name(copy) {
            self.output.freed_bytes += bytes;
        }
        self.output.files.push(RemovedFile {
            path: copy.path.to_string_lossy().into_owned(),
            kept: kept.path.to_string_lossy().into_owned(),
            bytes,
        });
    }

    /// Whether the file itself is gone with this name, or would be.
    fn is_last_name(&mut self, copy: &ReadCopy) -> bool {
        if self.input.apply && self.input.action == Action::HardLink {
            return copy.metadata_now().is_some_and(|now| now.links == 0);
        }
        let Some(id) = copy.metadata.id else {
            return false;
        };
        let gone = self.names_gone.entry(id).or_default();
        *gone += 1;
        *gone == copy.metadata.links
    }
}
