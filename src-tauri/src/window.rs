//! The one window.

use std::path::Path;

use tauri::{App, WebviewUrl, WebviewWindowBuilder};

use crate::MAIN_WINDOW;

/// Opens it. What the page's engine keeps goes into the data folder.
pub fn open(app: &App, data_dir: &Path) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, MAIN_WINDOW, WebviewUrl::default())
        .title("Toolroom")
        .inner_size(1280.0, 820.0)
        .min_inner_size(900.0, 600.0)
        .data_directory(data_dir.join("window"))
        .build()?;
    Ok(())
}
