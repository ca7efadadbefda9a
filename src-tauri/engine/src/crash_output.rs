//! What stands on standard error when a thread breaks off: where, never with what words. Those may be made
//! of anything, as of a secret.

use std::{io::Write, panic};

/// Has every panic of this process told by its place, and by its words only where these stand in the
/// program as they are. For a program's first line: it holds for as long as the process lives.
pub fn hide_what_panics_say() {
    panic::set_hook(Box::new(|info| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("without a name");
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |place| format!("{}:{}", place.file(), place.line()),
        );
        // Words that were put together are a String.
        let words = info.payload().downcast_ref::<&'static str>();
        let words = words.map_or(String::new(), |words| format!(": {words}"));
        // Were nobody to read it, there is nobody to tell.
        let _ = writeln!(
            std::io::stderr(),
            "A fault in Toolroom: thread {name:?} broke off at {place}{words}"
        );
    }));
}
