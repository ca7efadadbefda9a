//! The last events, numbered: what a reader can still be given, and what it has missed.
//!
//! Knows no task and no clock, so that its interleavings can be tried out one by one. Waking
//! readers is `events`' business.

use std::collections::VecDeque;

use super::sync::{Mutex, MutexGuard, PoisonError};

/// What a reader finds at a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// The event of that number.
    Event(T),
    /// It is gone; the oldest that is left has this number.
    Gone(u64),
    /// It hasn't happened yet.
    NotYet,
}

/// The last `room` events.
#[derive(Debug)]
pub struct EventRing<T> {
    events: Mutex<Numbered<T>>,
}

#[derive(Debug)]
struct Numbered<T> {
    events: VecDeque<T>,
    newest: u64,
    room: usize,
}

impl<T: Clone> EventRing<T> {
    /// A ring of `room` events, whose first is numbered one more than `before`.
    pub fn new(room: usize, before: u64) -> Self {
        Self {
            events: Mutex::new(Numbered {
                events: VecDeque::with_capacity(room.min(1024)),
                newest: before,
                room: room.max(1),
            }),
        }
    }

    /// Appends an event; its number.
    pub fn push(&self, event: T) -> u64 {
        let mut numbered = self.numbered();
        if numbered.events.len() >= numbered.room {
            numbered.events.pop_front();
        }
        numbered.events.push_back(event);
        numbered.newest += 1;
        numbered.newest
    }

    /// Has room for this many events from now on.
    pub fn set_room(&self, room: usize) {
        self.numbered().room = room.max(1);
        self.shrink_to(room.max(1));
    }

    /// For how many events there is room.
    pub fn room(&self) -> usize {
        self.numbered().room
    }

    /// Keeps the last `room` of the events that there are, and gives back the memory of the others.
    pub fn shrink_to(&self, room: usize) {
        let mut numbered = self.numbered();
        let surplus = numbered.events.len().saturating_sub(room);
        let gone: Vec<_> = numbered.events.drain(..surplus).collect();
        numbered.events.shrink_to_fit();
        drop(numbered);
        // Freed without the lock.
        drop(gone);
    }

    /// What there is at this number.
    pub fn find(&self, number: u64) -> Found<T> {
        let numbered = self.numbered();
        if number > numbered.newest {
            return Found::NotYet;
        }
        let oldest = numbered.newest + 1 - numbered.events.len() as u64;
        let index = number
            .checked_sub(oldest)
            .and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| numbered.events.get(index)) {
            Some(event) => Found::Event(event.clone()),
            None => Found::Gone(oldest),
        }
    }

    /// The newest event's number.
    pub fn newest(&self) -> u64 {
        self.numbered().newest
    }

    fn numbered(&self) -> MutexGuard<'_, Numbered<T>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
