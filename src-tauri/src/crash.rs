//! A page whose process has crashed: what ran for it ends, and it is loaded anew, unless it crashes
//! again and again.

use std::time::{Duration, Instant};

use tauri::WebviewWindow;

/// How many crashes within [`WITHIN`] are made up for.
const FORGIVEN: usize = 3;
const WITHIN: Duration = Duration::from_secs(60);

/// The moments of the last crashes.
#[derive(Debug, Default)]
struct Crashes(Vec<Instant>);

impl Crashes {
    /// Notes one. Whether the page should be loaded anew.
    fn note(&mut self, now: Instant) -> bool {
        self.0.retain(|at| now.duration_since(*at) < WITHIN);
        self.0.push(now);
        self.0.len() <= FORGIVEN
    }
}

/// Sees to what is to be done when the page of a window crashes.
#[cfg(target_os = "linux")]
pub fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    use std::cell::RefCell;

    use tauri::Manager;
    use webkit2gtk::WebViewExt;

    use crate::state::AppState;

    let (app, label) = (window.app_handle().clone(), window.label().to_owned());
    let crashes = RefCell::new(Crashes::default());
    window.with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |view, _| {
            if let Some(state) = app.try_state::<AppState>() {
                state.frontend().end_page_of(&label);
            }
            if crashes.borrow_mut().note(Instant::now()) {
                eprintln!("toolroom: the page crashed and is loaded anew. Jobs go on.");
                view.reload();
            } else {
                eprintln!(
                    "toolroom: the page crashes again and again. Jobs go on; close the window."
                );
            }
        });
    })
}

/// Other systems' engines load the page anew by themselves, or end the window with it; what ran for
/// the page ends when the next one is ready.
#[cfg(not(target_os = "linux"))]
pub fn watch(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_crashes_again_and_again_is_left_alone_until_it_is_quiet() {
        let (mut crashes, begin) = (Crashes::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert!([0, 1, 2].into_iter().all(|second| crashes.note(at(second))));
        assert!(!crashes.note(at(3)));
        assert!(crashes.note(at(120)));
    }
}
