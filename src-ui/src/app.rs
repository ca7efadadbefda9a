//! The page as a whole: its stores and its routes.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::{Redirect, Route, Router, Routes},
    path,
};
use toolroom_ipc::{Client, TauriTransport};
use toolroom_shared::TabId;

use crate::clock::Clock;
use crate::components::Empty;
use crate::pages::{JobsPage, ToolsPage};
use crate::shell::Shell;
use crate::stores::Stores;
use crate::{dom, texts};

/// The page as a whole.
#[component]
pub fn App() -> impl IntoView {
    let client = Client::new(Arc::new(TauriTransport));
    let stores = Stores::new(&client, Clock::of_the_page());
    provide_context(stores.clone());
    stores.start();
    if dom::page_had_a_fault() {
        stores.notices.tell(texts::LOADED_ANEW.to_owned());
    }
    let home = || {
        let options = NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        };
        view! { <Redirect path=format!("/{}", TabId::Tools.id()) options /> }
    };
    view! {
        <Router>
            <Shell>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=home />
                    <Route path=path!("/tools/:name?") view=ToolsPage />
                    <Route path=path!("/jobs/:id?") view=JobsPage />
                </Routes>
            </Shell>
        </Router>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <div class="page">
            <Empty title="There is no such page" hint="Choose one on the left." />
        </div>
    }
}
