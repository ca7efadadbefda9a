//! Keeps where the window stands and what it shows: noted on the thread of the window as it happens,
//! written a little later and at the end.
//!
//! What is kept, and what of it is believed, is `placement`'s business.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tauri::{Runtime, WebviewWindow};
use tokio::{sync::Notify, task::block_in_place};
use toolroom_engine::Service;

use crate::placement::{Place, Placement, page_of};

/// How long a window that is moved is left to come to rest.
const REST: Duration = Duration::from_secs(2);

/// What is kept of one window.
#[derive(Debug)]
pub struct KeptPlace {
    folder: PathBuf,
    known: Mutex<Known>,
    changed: Notify,
}

#[derive(Debug)]
struct Known {
    now: Placement,
    written: Placement,
}

impl KeptPlace {
    /// What was kept in a folder.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        let now = Placement::read(&folder);
        Self {
            known: Mutex::new(Known {
                written: now.clone(),
                now,
            }),
            folder,
            changed: Notify::new(),
        }
    }

    /// What is known last.
    #[must_use]
    pub fn get(&self) -> Placement {
        self.known().now.clone()
    }

    /// Looks at the window. To be called on its own thread; what it doesn't tell stays as it was.
    pub fn note<R: Runtime>(&self, window: &WebviewWindow<R>) {
        let page = window.url().ok().and_then(|address| page_of(&address));
        let is_shown =
            window.is_visible().unwrap_or(false) && !window.is_minimized().unwrap_or(true);
        let maximized = window.is_maximized().unwrap_or(false);
        let place = match (window.outer_position(), window.inner_size()) {
            (Ok(at), Ok(size)) if is_shown && !maximized => Some(Place {
                x: at.x,
                y: at.y,
                width: size.width,
                height: size.height,
            }),
            _ => None,
        };
        let mut known = self.known();
        known.now.place = place.or(known.now.place);
        if is_shown {
            known.now.maximized = maximized;
        }
        known.now.page = page.or_else(|| known.now.page.take());
        if known.now != known.written {
            self.changed.notify_one();
        }
    }

    /// Writes what has changed. A failure is said: nothing else depends on it.
    pub fn write(&self) {
        let mut known = self.known();
        if known.now == known.written {
            return;
        }
        match known.now.write(&self.folder) {
            Ok(()) => known.written = known.now.clone(),
            Err(error) => eprintln!("toolroom: the window's place could not be kept: {error}"),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The service that writes.
pub fn service(kept: Arc<KeptPlace>) -> Service {
    Service::new("window-place", move |context| {
        let kept = kept.clone();
        async move {
            context.ready();
            loop {
                tokio::select! {
                    () = context.stopped() => return Ok(()),
                    () = kept.changed.notified() => {}
                }
                tokio::select! {
                    () = context.stopped() => return Ok(()),
                    () = tokio::time::sleep(REST) => {} // sleep: until the window is at rest
                }
                block_in_place(|| kept.write());
            }
        }
    })
}
