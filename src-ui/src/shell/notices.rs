//! The notices that stand above everything for some seconds.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{JobId, TabId};

use crate::components::{Icon, IconView};
use crate::stores::{Notice, NoticesStore, use_stores};
use crate::texts;

/// The notices on screen. While one is pointed at or has the focus, they all stay.
#[component]
pub fn Notices() -> impl IntoView {
    let notices = use_stores().notices;
    let shown = {
        let notices = notices.clone();
        move || notices.shown()
    };
    let hold = |held: bool| {
        let notices = notices.clone();
        move || notices.hold(held)
    };
    let (over, out, focus, blur) = (hold(true), hold(false), hold(true), hold(false));
    let notice = {
        let notices = notices.clone();
        move |notice: Notice| {
            let id = notice.id;
            let escape = {
                let notices = notices.clone();
                move |ev: ev::KeyboardEvent| {
                    if ev.key() == "Escape" {
                        notices.dismiss(id);
                    }
                }
            };
            let dismiss = {
                let notices = notices.clone();
                move |_| notices.dismiss(id)
            };
            // What went wrong is said at once, whatever else is being read out.
            let role = notice.is_failure.then_some("alert");
            let tone = if notice.is_failure { "bad" } else { "idle" };
            view! {
                <div class="notice" data-tone=tone on:keydown=escape>
                    <p role=role>{words(&notice)} {notice.job.clone().map(link)}</p>
                    {act(&notices, &notice)}
                    <button
                        type="button"
                        class="icon-button"
                        aria-label="Dismiss"
                        title="Dismiss"
                        on:click=dismiss
                    >
                        <IconView icon=Icon::Close />
                    </button>
                </div>
            }
        }
    };
    view! {
        <div
            class="notices"
            role="region"
            aria-label="Notices"
            aria-live="polite"
            on:mouseenter=move |_| over()
            on:mouseleave=move |_| out()
            on:focusin=move |_| focus()
            on:focusout=move |_| blur()
        >
            <For each=shown key=|notice| notice.id children=notice />
        </div>
    }
}

/// What a notice says.
pub(super) fn words(notice: &Notice) -> String {
    match notice.times {
        0 | 1 => notice.text.clone(),
        times => format!("{} ({times} times)", notice.text),
    }
}

/// The button that does what the notice offers.
pub(super) fn act(notices: &NoticesStore, notice: &Notice) -> impl IntoView + use<> {
    let (notices, id) = (notices.clone(), notice.id);
    notice.action.clone().map(|action| {
        view! {
            <button
                type="button"
                class="text-button"
                data-action="notice-action"
                on:click=move |_| notices.act(id)
            >
                {action.label}
            </button>
        }
    })
}

/// The way to the job that the notice is about.
pub(super) fn link(id: JobId) -> impl IntoView {
    let path = format!("/{}/{id}", TabId::Jobs.id());
    view! {
        " "
        <A href=path attr:class="link" attr:data-action="show-job">
            {texts::SHOW_THAT_JOB}
        </A>
    }
}
