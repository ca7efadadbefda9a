//! Files that are dragged over the page and dropped on it. The page's own engine tells it no paths.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::{DragDropEvent, PhysicalPosition, WebviewWindow, Wry};
use tauri_specta::Event;
use toolroom_shared::{self as shared, PagePlace};

use crate::native;

/// Files are dragged over the page.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct PathsDragged(pub shared::PathsDragged);

/// Files were dropped on the page.
#[derive(Clone, Debug, Serialize, Deserialize, Type, Event)]
pub struct PathsDropped(pub shared::PathsDropped);

/// Tells the window's page.
pub fn tell(window: &WebviewWindow<Wry>, event: &DragDropEvent) {
    let scale = window.scale_factor().unwrap_or(1.0);
    let place = |at: &PhysicalPosition<f64>| PagePlace {
        x: at.x / scale,
        y: at.y / scale,
    };
    let dragged = |place| PathsDragged(shared::PathsDragged { place }).emit(window);
    let told = match event {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            dragged(Some(place(position)))
        }
        DragDropEvent::Leave => dragged(None),
        DragDropEvent::Drop { paths, position } => PathsDropped(shared::PathsDropped {
            place: place(position),
            given: native::given(paths.clone()),
        })
        .emit(window),
        _ => Ok(()),
    };
    if let Err(error) = told {
        eprintln!("toolroom: the page could not be told of a drop: {error}");
    }
}
