//! The settings: a list of pages, and the one that was chosen.

mod about;
mod appearance;
mod automation;
mod daemon;
mod general;
mod limits;
mod models;
mod permissions;
mod section;
mod storage;

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use toolroom_shared::TabId;

use crate::components::Empty;

use about::AboutSettings;
use appearance::AppearanceSettings;
use automation::AutomationSettings;
use daemon::DaemonSettings;
use general::GeneralSettings;
use limits::LimitsSettings;
use models::ModelsSettings;
use permissions::PermissionsSettings;
use storage::StorageSettings;

/// The settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let params = use_params_map();
    let tab = Memo::new(move |_| {
        let name = params.with(|params| params.get("page"))?;
        TabId::from_id(&format!("settings-{name}"))
    });
    let entries = TabId::ALL
        .into_iter()
        .filter(|tab| tab.is_settings())
        .map(|tab| {
            view! {
                <A href=tab.path() attr:class="nav-entry">
                    {tab.title()}
                </A>
            }
        })
        .collect_view();
    let body = move || {
        let Some(tab) = tab.get() else {
            return view! { <Empty title="There is no such page" hint="Choose one on the left." /> }
                .into_any();
        };
        view! {
            <h1>{tab.title()}</h1>
            {page(tab)}
        }
        .into_any()
    };
    view! {
        <div class="page settings-page" data-page-id=move || tab.get().map(TabId::id)>
            <nav class="settings-list column" aria-label="Settings">
                {entries}
            </nav>
            <div class="settings-body column">{body}</div>
        </div>
    }
}

fn page(tab: TabId) -> AnyView {
    match tab {
        TabId::SettingsGeneral => view! { <GeneralSettings /> }.into_any(),
        TabId::SettingsAppearance => view! { <AppearanceSettings /> }.into_any(),
        TabId::SettingsLimits => view! { <LimitsSettings /> }.into_any(),
        TabId::SettingsPermissions => view! { <PermissionsSettings /> }.into_any(),
        TabId::SettingsAutomation => view! { <AutomationSettings /> }.into_any(),
        TabId::SettingsModels => view! { <ModelsSettings /> }.into_any(),
        TabId::SettingsDaemon => view! { <DaemonSettings /> }.into_any(),
        TabId::SettingsStorage => view! { <StorageSettings /> }.into_any(),
        TabId::SettingsAbout => view! { <AboutSettings /> }.into_any(),
        TabId::Tools | TabId::Jobs | TabId::Chat | TabId::Terminal | TabId::Monitor => {
            ().into_any()
        }
    }
}
