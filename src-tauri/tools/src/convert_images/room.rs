//! Room for the pictures that are worked on at once: memory is bounded, not how many there are.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A number of bytes that several threads share.
pub struct Room {
    total: u64,
    free: Mutex<u64>,
    freed: Condvar,
}

/// A part of the room, given back when dropped.
pub struct Taken<'a> {
    room: &'a Room,
    bytes: u64,
}

impl Room {
    /// So many bytes, all free.
    pub const fn new(total: u64) -> Self {
        Self {
            total,
            free: Mutex::new(total),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room for `bytes`. What needs more than there is at all gets everything,
    /// and so is worked on alone.
    pub fn take(&self, bytes: u64) -> Taken<'_> {
        let bytes = bytes.min(self.total);
        let mut free = self.free();
        while *free < bytes {
            free = self
                .freed
                .wait(free)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        Taken { room: self, bytes }
    }

    fn free(&self) -> MutexGuard<'_, u64> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.room.free() += self.bytes;
        self.room.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::atomic::{AtomicU64, Ordering},
        thread,
    };

    #[test]
    fn no_more_is_taken_than_there_is_and_what_is_larger_is_alone() {
        let room = Room::new(100);
        let (taken, most) = (AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            for bytes in [60, 50, 1000, 40, 10, 100, 7, 93] {
                let (room, taken, most) = (&room, &taken, &most);
                scope.spawn(move || {
                    let _part = room.take(bytes);
                    let bytes = bytes.min(100);
                    let now = taken.fetch_add(bytes, Ordering::SeqCst) + bytes;
                    most.fetch_max(now, Ordering::SeqCst);
                    taken.fetch_sub(bytes, Ordering::SeqCst);
                });
            }
        });
        let most = most.into_inner();
        assert!(most <= 100, "{most}");
        assert_eq!(*room.free(), 100);
    }
}
