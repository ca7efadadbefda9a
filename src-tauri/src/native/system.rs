//! The system itself, by Tauri's plugins for dialogs and for opening, and by what the one for
//! notifications is made of: the plugin itself doesn't tell of a click.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::{sync::oneshot, task::block_in_place};
use toolroom_shared::{AppError, PathKind, PathWish};

use super::{NativeServices, Notice, refused};
use crate::MAIN_WINDOW;

/// The system that the app runs on.
pub struct System {
    app: AppHandle<Wry>,
}

impl System {
    /// For one app, to whose window the dialogs belong.
    pub const fn new(app: AppHandle<Wry>) -> Self {
        Self { app }
    }
}

#[async_trait]
impl NativeServices for System {
    async fn choose(&self, wish: &PathWish) -> Result<Vec<PathBuf>, AppError> {
        let (answer, chosen) = oneshot::channel();
        {
            let mut dialog = self.app.dialog().file().set_title(&wish.title);
            if let Some(window) = self.app.get_webview_window(MAIN_WINDOW) {
                dialog = dialog.set_parent(&window);
            }
            let beside = wish.beside.as_deref().map(Path::new);
            if let Some(folder) = beside.and_then(first_folder) {
                dialog = dialog.set_directory(folder);
            }
            let name = beside
                .and_then(Path::file_name)
                .and_then(|name| name.to_str());
            // Who has gone meanwhile needs no answer.
            let one = |path: Option<FilePath>| path.into_iter().collect();
            let many = |paths: Option<Vec<FilePath>>| paths.unwrap_or_default();
            match (wish.kind, wish.several) {
                (PathKind::File, true) => {
                    dialog.pick_files(move |paths| drop(answer.send(many(paths))))
                }
                (PathKind::File, false) => {
                    dialog.pick_file(move |path| drop(answer.send(one(path))))
                }
                (PathKind::Folder, true) => {
                    dialog.pick_folders(move |paths| drop(answer.send(many(paths))))
                }
                (PathKind::Folder, false) => {
                    dialog.pick_folder(move |path| drop(answer.send(one(path))))
                }
                (PathKind::Save, _) => {
                    if let Some(name) = name {
                        dialog = dialog.set_file_name(name);
                    }
                    dialog.save_file(move |path| drop(answer.send(one(path))));
                }
            }
        }
        let chosen: Vec<FilePath> = chosen
            .await
            .map_err(|_| refused("The dialog could not be shown.", "Type the path instead."))?;
        Ok(chosen
            .into_iter()
            .filter_map(|path| path.into_path().ok())
            .collect())
    }

    async fn open(&self, path: PathBuf) -> Result<(), AppError> {
        block_in_place(|| tauri_plugin_opener::open_path(path, None::<&str>))
            .map_err(|error| refused("It could not be opened:", error))
    }

    async fn reveal(&self, path: PathBuf) -> Result<(), AppError> {
        block_in_place(|| tauri_plugin_opener::reveal_item_in_dir(path))
            .map_err(|error| refused("Its folder could not be shown:", error))
    }

    async fn notify(&self, notice: &Notice) -> Result<bool, AppError> {
        notify(notice).await
    }
}

/// The folder that is there and nearest to `path`.
fn first_folder(path: &Path) -> Option<&Path> {
    path.ancestors().find(|folder| folder.is_dir())
}

/// What a notification is called by whom it is clicked on.
#[cfg(target_os = "linux")]
const CLICK: &str = "default";

#[cfg(target_os = "linux")]
async fn notify(notice: &Notice) -> Result<bool, AppError> {
    let shown = notification(notice)
        .action(CLICK, "Show")
        .show_async()
        .await
        .map_err(|error| refused("A notification could not be shown:", error))?;
    let mut clicked = false;
    shown
        .wait_for_action_async(|reaction| {
            clicked = matches!(reaction, notify_rust::NotificationResponse::Default);
        })
        .await;
    Ok(clicked)
}

#[cfg(not(target_os = "linux"))]
async fn notify(notice: &Notice) -> Result<bool, AppError> {
    block_in_place(|| notification(notice).show().map(drop))
        .map_err(|error| refused("A notification could not be shown:", error))?;
    Ok(false)
}

fn notification(notice: &Notice) -> notify_rust::Notification {
    notify_rust::Notification::new()
        .appname("Toolroom")
        .summary(&notice.title)
        .body(&escaped(&notice.text))
        .finalize()
}

/// Servers read a body as markup, and names of files are not to be taken for it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_begins_in_the_nearest_folder_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gone/further/name.txt");
        assert_eq!(first_folder(&path), Some(folder.path()));
        assert_eq!(first_folder(folder.path()), Some(folder.path()));
    }

    #[test]
    fn a_name_is_no_markup() {
        assert_eq!(escaped("a <b>&"), "a &lt;b&gt;&amp;");
    }
}
