//! The one window: it shows the app's own page and nothing else.

use std::path::Path;

use tauri::{App, Url, WebviewUrl, WebviewWindowBuilder, webview::NewWindowResponse};

use crate::{MAIN_WINDOW, crash, page_fault};

/// Opens it. What the page's engine keeps goes into the data folder.
pub fn open(app: &App, data_dir: &Path) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN_WINDOW, WebviewUrl::default())
        .title("Toolroom")
        .inner_size(1280.0, 820.0)
        .min_inner_size(900.0, 600.0)
        .data_directory(data_dir.join("window"))
        .initialization_script(page_fault::GUARD)
        .on_navigation(is_our_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    crash::watch(&window)
}

/// Whether an address is that of the page that was built in: the page must not be led anywhere
/// else, since what stands there could call what it may call.
fn is_our_page(address: &Url) -> bool {
    let (scheme, host) = if cfg!(any(windows, target_os = "android")) {
        ("http", "tauri.localhost")
    } else {
        ("tauri", "localhost")
    };
    address.scheme() == scheme && address.host_str() == Some(host) && address.port().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_that_was_built_in_may_be_shown() {
        let ours = if cfg!(windows) {
            "http://tauri.localhost/jobs"
        } else {
            "tauri://localhost/jobs"
        };
        assert!(is_our_page(&ours.parse().unwrap()));
        for other in [
            "https://example.org/",
            "http://localhost/",
            "http://tauri.localhost.example.org/",
            "tauri://localhost.example.org/",
            "tauri://localhost:8080/",
            "tauri://other/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "blob:tauri://localhost/1",
            "about:blank",
        ] {
            assert!(!is_our_page(&other.parse().unwrap()), "{other}");
        }
    }
}
