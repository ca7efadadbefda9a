//! One thread's work on a walk: takes folders and pieces of them from the crew, and gives what it comes
//! across to its taker. How a folder is read is told in `reading`.

use std::{
    fs::File,
    panic,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use super::{
    AtHand, Entry, Options, Visited, Walk,
    branch::{Branch, Start},
    crew::{Crew, Member},
    entry::Position,
    job::{Job, Piece, Taker},
    links::{Links, followed, unfollowed},
    rules::{Level, Rules},
};
use crate::{FileKind, SkipReason, Skipped, ToolError, ToolExecutionContext, files::sys};

/// How many entries of a folder are given away at once.
pub(super) const PIECE: usize = 32;

/// What all threads of a walk see.
pub(super) struct Shared<'w> {
    pub ctx: &'w ToolExecutionContext,
    pub options: Options<'w>,
    pub rules: Option<Rules>,
    failure: Mutex<Option<ToolError>>,
}

/// One thread's work.
pub(super) struct Worker<'w, 'c, T> {
    pub shared: &'w Shared<'w>,
    pub crew: Member<'c, Job>,
    pub taker: T,
}

/// Walks to the end.
pub(super) fn run<T: Taker>(walk: Walk<'_>, mut make: impl FnMut() -> T) -> Visited<T> {
    let Walk {
        ctx,
        starts,
        mut options,
        threads,
    } = walk;
    let shared = Shared {
        ctx,
        rules: options.rules.take().map(Rules::new),
        options,
        failure: Mutex::default(),
    };
    let (crew, mut stacks) = Crew::new(threads);
    let mut first = Worker {
        shared: &shared,
        crew: crew.member(0, stacks.remove(0)),
        taker: make(),
    };
    let mut paths_read = 0;
    let jobs = first.seed(starts, &mut paths_read);
    let takers = thread::scope(|scope| {
        let others: Vec<_> = stacks
            .into_iter()
            .zip(1..)
            // Nobody is called in for what one does as quickly.
            .filter(|_| jobs.folders > 0 || jobs.pieces > 1)
            .map(|(stack, number)| {
                let worker = Worker {
                    shared: &shared,
                    crew: crew.member(number, stack),
                    taker: make(),
                };
                scope.spawn(move || worker.work())
            })
            .collect();
        let mut takers = vec![first.work()];
        for other in others {
            match other.join() {
                Ok(taker) => takers.push(taker),
                Err(panic) => panic::resume_unwind(panic),
            }
        }
        takers
    });
    let failure = shared
        .failure
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    Visited {
        visitors: takers,
        end: failure.map_or(Ok(()), Err),
        paths_read,
    }
}

#[derive(Default)]
struct Seeds {
    folders: usize,
    pieces: usize,
}

impl<T: Taker> Worker<'_, '_, T> {
    fn seed(
        &mut self,
        starts: Vec<Result<crate::Place, Skipped>>,
        paths_read: &mut usize,
    ) -> Seeds {
        let mut seeds = Seeds::default();
        let mut files = Vec::new();
        for (index, start) in starts.into_iter().enumerate() {
            let known = start.and_then(|place| {
                let metadata = place.metadata().map_err(|error| Skipped::from(&error))?;
                Ok((place, metadata))
            });
            match known {
                Ok((place, metadata)) => {
                    *paths_read += 1;
                    let branch = Branch {
                        start: Arc::new(Start::new(index, &place)),
                        inside: Default::default(),
                        spot: place.spot().clone(),
                        parent: None,
                        id: None,
                    };
                    let entry = Entry::start(Arc::new(branch), metadata);
                    if metadata.is_folder() {
                        let rules = self.shared.rules.as_ref();
                        let level =
                            rules.and_then(|rules| rules.above(&self.shared.ctx.roots, &entry));
                        self.crew.push(Job::Folder(entry, level));
                        seeds.folders += 1;
                    } else {
                        files.push(entry);
                    }
                }
                Err(skipped) => {
                    let told = self.skip(skipped, || Position::of_start(index));
                    self.end_if_failed(told);
                }
            }
        }
        let mut files = files.into_iter().peekable();
        while files.peek().is_some() {
            self.crew.push(Job::Piece(Piece {
                folder: None,
                entries: files.by_ref().take(PIECE).collect(),
                level: None,
            }));
            seeds.pieces += 1;
        }
        seeds
    }

    fn work(mut self) -> T {
        while let Some(job) = self.crew.next() {
            let result = match job {
                Job::Folder(entry, level) => self.read(entry, level),
                Job::Piece(piece) => self.give(piece),
            };
            self.end_if_failed(result);
            self.crew.done();
        }
        self.taker
    }

    fn end_if_failed(&self, result: Result<(), ToolError>) {
        if let Err(error) = result {
            self.shared
                .failure
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(error);
            self.crew.stop();
        }
    }

    /// Gives out a part of a folder.
    pub(super) fn give(&mut self, piece: Piece) -> Result<(), ToolError> {
        for entry in piece.entries {
            if self.crew.is_stopped() {
                break;
            }
            self.give_one(piece.folder.as_deref(), entry, piece.level.as_ref())?;
        }
        Ok(())
    }

    fn give_one(
        &mut self,
        folder: Option<&File>,
        mut entry: Entry,
        level: Option<&Arc<Level>>,
    ) -> Result<(), ToolError> {
        if entry.kind() == FileKind::Link {
            let roots = &self.shared.ctx.roots;
            match self.shared.options.links {
                Links::Give => {}
                Links::Skip => {
                    self.count()?;
                    let skipped = unfollowed(roots, &entry.resolved()).at(&entry.path());
                    return self.skip(skipped, || entry.position());
                }
                Links::Follow => match followed(roots, &entry) {
                    Ok(target) => entry = target,
                    Err(skipped) => {
                        self.count()?;
                        return self.skip(skipped, || entry.position());
                    }
                },
            }
        }
        if let Err(skipped) = self.learn(folder, &mut entry) {
            self.count()?;
            return self.skip(skipped, || entry.position());
        }
        if !self.lets_through(&entry) {
            return Ok(());
        }
        match entry.kind() {
            FileKind::File | FileKind::Link => {
                self.count()?;
                self.taker.entry(AtHand::new(entry, folder))
            }
            // A link that was followed leads to one. It is counted when it is read.
            FileKind::Folder => {
                self.crew.push(Job::Folder(entry, level.cloned()));
                Ok(())
            }
            FileKind::Special => {
                self.count()?;
                let skipped = Skipped::new(&entry.path(), SkipReason::SpecialFile);
                self.skip(skipped, || entry.position())
            }
        }
    }

    /// Learns what is to be known of an entry.
    pub(super) fn learn(&self, folder: Option<&File>, entry: &mut Entry) -> Result<(), Skipped> {
        if !self.shared.options.with_metadata || entry.is_known() {
            return Ok(());
        }
        let metadata = match folder {
            Some(folder) => sys::metadata_at(folder, entry.name()),
            None => entry.spot().metadata(),
        };
        entry.learn(metadata.map_err(|error| Skipped::from_io(&entry.path(), &error))?);
        Ok(())
    }

    pub(super) fn lets_through(&self, entry: &Entry) -> bool {
        let filter = self.shared.options.filter.as_ref();
        filter.is_none_or(|filter| filter(entry))
    }

    /// One more was come across; an error if the job is to stop.
    pub(super) fn count(&self) -> Result<(), ToolError> {
        self.shared.ctx.check_canceled()?;
        if !self.shared.options.is_uncounted {
            self.shared.ctx.progress.advance(1);
        }
        Ok(())
    }

    pub(super) fn skip(
        &mut self,
        skipped: Skipped,
        at: impl FnOnce() -> Position,
    ) -> Result<(), ToolError> {
        self.taker.skipped(skipped, at)
    }
}
