//! The sheet that shows every shortcut.

use leptos::prelude::*;

use crate::components::{Dialog, Keys};
use crate::keys::{SHORTCUTS, Shortcut};
use crate::stores::{Overlay, use_stores};

/// The sheet.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let overlays = use_stores().overlays;
    let close = Callback::new(move |()| overlays.close(Overlay::Shortcuts));
    let row = |shortcut: &'static Shortcut| {
        view! {
            <div class="shortcut">
                <dt>
                    <Keys keys=shortcut.keys() />
                </dt>
                <dd>{shortcut.does}</dd>
            </div>
        }
    };
    view! {
        <Dialog label="Shortcuts" class="dialog shortcuts" on_close=close>
            <h2>"Shortcuts"</h2>
            <dl>{SHORTCUTS.iter().map(row).collect_view()}</dl>
            <p class="muted">"In lists the arrow keys move, Space chooses and Enter opens."</p>
            <div class="dialog-answers">
                <button type="button" class="button small" on:click=move |_| close.run(())>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
}
