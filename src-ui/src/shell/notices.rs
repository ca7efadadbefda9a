//! The notices that stand above everything for some seconds.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, TabId};

use crate::components::{Icon, IconView};
use crate::stores::{Notice, use_stores};
use crate::texts;

/// The notices on screen.
#[component]
pub fn Notices() -> impl IntoView {
    let notices = use_stores().notices;
    let shown = {
        let notices = notices.clone();
        move || notices.shown()
    };
    let notice = move |notice: Notice| {
        let notices = notices.clone();
        view! {
            <div class="notice">
                <p>{notice.text} {notice.job.map(link)}</p>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Dismiss"
                    title="Dismiss"
                    on:click=move |_| notices.dismiss(notice.id)
                >
                    <IconView icon=Icon::Close />
                </button>
            </div>
        }
    };
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=shown key=|notice| notice.id children=notice />
        </div>
    }
}

/// The way to the job that the notice is about.
fn link(id: JobId) -> impl IntoView {
    let path = format!("/{}/{id}", TabId::Jobs.id());
    view! {
        " "
        <A href=path attr:class="link" attr:data-action="show-job">
            {texts::SHOW_THAT_JOB}
        </A>
    }
}
