//! The frame in which talks with models will stand.

use leptos::prelude::*;
use toolroom_shared::TabId;

use crate::components::Empty;

/// The chat page.
#[component]
pub fn ChatPage() -> impl IntoView {
    view! {
        <div class="page" data-page-id=TabId::Chat.id()>
            <h1 class="visually-hidden">{TabId::Chat.title()}</h1>
            <Empty
                title="No model is set up"
                hint="This version of the app has no chat yet. Its tools are on the left."
            />
        </div>
    }
}
