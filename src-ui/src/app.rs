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
use crate::components::{Empty, KeptSecrets, PathPicker, PathQuestion};
use crate::pages::{ChatPage, JobsPage, MonitorPage, SettingsPage, TerminalPage, ToolsPage};
use crate::shell::Shell;
use crate::stores::Stores;
use crate::{dom, texts};

/// The page as a whole.
#[component]
pub fn App() -> impl IntoView {
    let client = Client::new(Arc::new(TauriTransport));
    let stores = Stores::new(&client, Clock::of_the_page());
    provide_context(stores.clone());
    provide_context(path_picker(&stores));
    provide_context(kept_secrets(&stores));
    stores.start();
    if dom::page_had_a_fault() {
        stores.notices.tell(texts::LOADED_ANEW.to_owned());
    }
    Effect::new(move |_| {
        if let Some(appearance) = stores.settings.appearance() {
            dom::dress(&appearance);
        }
    });
    let home = || redirect(TabId::Tools);
    let settings = || redirect(TabId::SettingsGeneral);
    view! {
        <Router>
            <Shell>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=home />
                    <Route path=path!("/tools/:name?") view=ToolsPage />
                    <Route path=path!("/jobs/:id?") view=JobsPage />
                    <Route path=path!("/chat") view=ChatPage />
                    <Route path=path!("/terminal") view=TerminalPage />
                    <Route path=path!("/monitor") view=MonitorPage />
                    <Route path=path!("/settings") view=settings />
                    <Route path=path!("/settings/:page") view=SettingsPage />
                </Routes>
            </Shell>
        </Router>
    }
}

/// How paths come into the fields of any form.
fn path_picker(stores: &Stores) -> PathPicker {
    let (files, given) = (stores.job_files.clone(), stores.given_paths.clone());
    PathPicker {
        ask: Callback::new(move |PathQuestion { wish, answer }| {
            files.choose(wish, move |paths| {
                // The field may have gone meanwhile.
                answer.try_run(paths);
            });
        }),
        over: Memo::new(move |_| given.field_over()).into(),
    }
}

/// What secrets fields may name.
fn kept_secrets(stores: &Stores) -> KeptSecrets {
    let (asked, named) = (stores.secrets.clone(), stores.secrets.clone());
    let names = move |_: Option<&Vec<String>>| {
        let names = named.names().into_iter();
        names.map(|name| name.as_str().to_owned()).collect()
    };
    KeptSecrets {
        ask: Callback::new(move |()| asked.load()),
        names: Memo::new(names).into(),
    }
}

/// Leads on to a page, as if its address had been given.
fn redirect(tab: TabId) -> impl IntoView {
    let options = NavigateOptions {
        replace: true,
        ..NavigateOptions::default()
    };
    view! { <Redirect path=tab.path() options /> }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <div class="page">
            <h1 class="visually-hidden">"No such page"</h1>
            <Empty title="There is no such page" hint="Choose one on the left." />
        </div>
    }
}
