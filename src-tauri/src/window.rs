//! The one window: it shows the app's own page and nothing else.

use std::path::Path;

use tauri::{App, Url, WebviewUrl, WebviewWindowBuilder, webview::NewWindowResponse};
use toolroom_shared::{AppearanceSettings, Settings, StartPage};

use crate::{
    MAIN_WINDOW, crash, page_fault,
    placement::{AT_FIRST, Place, Placement, SMALLEST, Screen},
};

/// Opens it where it stood, with the page that it showed. What the page's engine keeps goes into the
/// data folder.
pub fn open(
    app: &App,
    data_dir: &Path,
    kept: &Placement,
    settings: &Settings,
) -> tauri::Result<()> {
    let begins_there = settings.general.start_page == StartPage::LastPage;
    let page = kept.page.as_ref().filter(|_| begins_there);
    let page = page.map_or_else(WebviewUrl::default, |page| {
        WebviewUrl::App(page.trim_start_matches('/').into())
    });
    let builder = WebviewWindowBuilder::new(app, MAIN_WINDOW, page)
        .title("Toolroom")
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .data_directory(data_dir.join("window"))
        .initialization_script(page_fault::GUARD)
        .initialization_script(dress(&settings.appearance))
        .on_navigation(is_our_page)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    let builder = match kept.on_a_screen(&screens(app)) {
        Some((place, screen)) => {
            let logical = |pixels: f64| pixels / screen.scale;
            builder
                .inner_size(logical(place.width.into()), logical(place.height.into()))
                .position(logical(place.x.into()), logical(place.y.into()))
        }
        None => builder.inner_size(AT_FIRST.0, AT_FIRST.1),
    };
    let window = builder.maximized(kept.maximized).build()?;
    crash::watch(&window)
}

/// A script that runs before anything is painted, and says on the page's root how it is to look: what the
/// page itself has noted since the window was opened, or else what was set then.
fn dress(appearance: &AppearanceSettings) -> String {
    let set: serde_json::Map<_, _> = appearance
        .on_root()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let set = serde_json::Value::Object(set);
    format!(
        "(() => {{
            let noted = null;
            try {{ noted = JSON.parse(sessionStorage.getItem('appearance')); }} catch {{}}
            for (const [name, value] of Object.entries(noted ?? {set})) {{
                if (value !== null) document.documentElement?.setAttribute(name, value);
            }}
        }})();"
    )
}

/// The screens that are there; none where the system doesn't tell.
fn screens(app: &App) -> Vec<Screen> {
    let screens = app.available_monitors().unwrap_or_default();
    let screen = |monitor: &tauri::Monitor| Screen {
        place: Place {
            x: monitor.position().x,
            y: monitor.position().y,
            width: monitor.size().width,
            height: monitor.size().height,
        },
        scale: monitor.scale_factor(),
    };
    screens.iter().map(screen).collect()
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
