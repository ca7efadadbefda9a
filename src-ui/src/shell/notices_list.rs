//! The notices that came lately, for whoever missed one.

use leptos::prelude::*;

use super::notices::{act, link, words};
use crate::components::{Dialog, Empty};
use crate::stores::{Notice, Overlay, use_stores};
use crate::{dom, format};

/// The list.
#[component]
pub fn NoticesList() -> impl IntoView {
    let stores = use_stores();
    let (overlays, notices, now) = (stores.overlays, stores.notices, stores.now);
    let close = Callback::new(move |()| overlays.close(Overlay::Notices));
    let row = {
        let notices = notices.clone();
        move |notice: Notice| {
            let tone = if notice.is_failure { "bad" } else { "idle" };
            let offset = dom::utc_offset_minutes(notice.at);
            let time = format::short_time(notice.at, now.get_untracked(), offset);
            // Following the way to a job leaves the list.
            let way = notice.job.clone().map(|job| {
                view! { <span on:click=move |_| close.run(())>{link(job)}</span> }
            });
            view! {
                <li class="kept-notice">
                    <span class="dot" data-tone=tone></span>
                    <p>{words(&notice)} {way}</p>
                    {act(&notices, &notice)}
                    <span class="notice-time">{time}</span>
                </li>
            }
        }
    };
    let each = {
        let notices = notices.clone();
        move || notices.kept()
    };
    let is_empty = {
        let notices = notices.clone();
        move || notices.kept_count() == 0
    };
    let clear = move |_| {
        notices.clear();
        close.run(());
    };
    view! {
        <Dialog label="Notices" class="dialog notices-list" on_close=close>
            <h2>"Notices"</h2>
            <Show
                when=is_empty.clone()
                fallback={
                    let (each, row) = (each.clone(), row.clone());
                    move || {
                        let (each, row) = (each.clone(), row.clone());
                        view! {
                            <ul>
                                <For each=each key=|notice| notice.id children=row />
                            </ul>
                        }
                    }
                }
            >
                <Empty
                    title="No notices"
                    hint="What goes wrong or can be undone is told here, and kept until you clear it."
                />
            </Show>
            <div class="dialog-answers">
                <button
                    type="button"
                    class="button small quiet"
                    data-action="clear-notices"
                    disabled=is_empty
                    on:click=clear
                >
                    "Clear"
                </button>
                <button type="button" class="button small" on:click=move |_| close.run(())>
                    "Close"
                </button>
            </div>
        </Dialog>
    }
}
