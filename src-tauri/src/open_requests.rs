//! What the window was asked from outside to show, until its page takes it.
//!
//! The event only says that there is something: a page that comes later finds it all the same.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event;
use toolroom_shared::{self as shared, OpenRequest};

/// More than this nobody looks at; the oldest goes.
const MOST: usize = 16;

/// Something is to be shown: `take_open_requests` says what.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct OpenRequested(pub shared::OpenRequested);

/// The requests that wait.
#[derive(Debug, Default)]
pub struct OpenRequests(Mutex<Vec<OpenRequest>>);

impl OpenRequests {
    /// Adds one, without telling anybody.
    pub fn add(&self, request: OpenRequest) -> shared::OpenRequested {
        let mut waiting = self.waiting();
        if waiting.len() >= MOST {
            waiting.remove(0);
        }
        waiting.push(request);
        shared::OpenRequested {
            waiting: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
        }
    }

    /// Adds one and tells the page.
    pub fn tell<R: Runtime>(&self, app: &AppHandle<R>, request: OpenRequest) {
        let event = OpenRequested(self.add(request));
        if let Err(error) = event.emit(app) {
            eprintln!("toolroom: the window could not be told what to show: {error}");
        }
    }

    /// Takes them all, oldest first.
    pub fn take(&self) -> Vec<OpenRequest> {
        std::mem::take(&mut *self.waiting())
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<OpenRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_shared::JobId;

    #[test]
    fn each_request_is_taken_once_in_its_order_and_only_the_last_are_kept() {
        let requests = OpenRequests::default();
        let request = |number: usize| OpenRequest::Job {
            job_id: JobId(number.to_string()),
        };
        for number in 0..MOST + 2 {
            requests.add(request(number));
        }
        let kept: Vec<_> = (2..MOST + 2).map(request).collect();
        assert_eq!(requests.take(), kept);
        assert_eq!(requests.take(), []);
    }
}
