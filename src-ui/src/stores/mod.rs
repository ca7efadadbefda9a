//! What the page knows, and all its work with the backend.
//!
//! Stores live as long as the page and own every call: views read their signals and ask them to
//! do things, and hold nothing across an await.

mod actions;
mod audit;
mod closing;
mod exports;
mod forms;
mod given_paths;
mod health;
mod job_files;
mod jobs;
mod known;
mod link;
mod notices;
mod overlays;
mod palette;
mod patience;
mod permissions;
mod presets;
mod pulse;
mod secrets;
mod settings;
mod stop_all;
mod storage;
#[cfg(test)]
pub mod test_job;
#[cfg(test)]
pub mod test_tasks;
mod thumbnails;
mod tools;

use leptos::prelude::*;
use toolroom_ipc::Client;

use crate::clock::Clock;

pub use actions::{Action, ActionsStore, use_action};
pub use audit::AuditStore;
pub use closing::ClosingStore;
pub use exports::ExportsStore;
pub use forms::{FormSession, FormsStore};
pub use given_paths::{DropTarget, GivenPathsStore};
pub use health::HealthStore;
pub use job_files::JobFilesStore;
pub use jobs::{
    Details, Job, JobsStore, JobsTable, LOADED_AT_ONCE, ListKey, Log, Many, ManyAction, Output,
    Phase, RateSample, Selection, StatusFilter, TableKey, TimeSpan, Transitions,
};
pub use known::{Done, Known};
pub use link::{Link, LinkStore};
pub use notices::{Notice, NoticesStore};
pub use overlays::{Overlay, OverlaysStore};
pub use palette::PaletteStore;
pub use patience::Patience;
pub use permissions::PermissionsStore;
pub use presets::{PresetList, PresetsStore, ToolPresets};
pub use secrets::{Keeping, SecretsStore};
pub use settings::{SettingField, SettingsPhase, SettingsStore};
pub use stop_all::{StopAll, StopAllStore};
pub use storage::{Asked, StorageStore, Work};
pub use thumbnails::ThumbnailsStore;
pub use tools::{ToolList, ToolsStore};

/// Every store of the page.
#[derive(Clone)]
pub struct Stores {
    /// The tools there are.
    pub tools: ToolsStore,
    /// The jobs that are known.
    pub jobs: JobsStore,
    /// What stands in each tool's form.
    pub forms: FormsStore,
    /// Paths that come from outside of the page.
    pub given_paths: GivenPathsStore,
    /// The files of jobs, opened and shown.
    pub job_files: JobFilesStore,
    /// What pictures look like, small.
    pub thumbnails: ThumbnailsStore,
    /// The wish to close the window.
    pub closing: ClosingStore,
    /// Inputs that are kept by name.
    pub presets: PresetsStore,
    /// What is taken out of results.
    pub exports: ExportsStore,
    /// What the person should be told.
    pub notices: NoticesStore,
    /// What is set.
    pub settings: SettingsStore,
    /// How much is kept, and what the app is made of.
    pub storage: StorageStore,
    /// What can be done just now.
    pub actions: ActionsStore,
    /// What the palette knows.
    pub palette: PaletteStore,
    /// Canceling every unfinished job.
    pub stop_all: StopAllStore,
    /// Which dialog of the frame is open.
    pub overlays: OverlaysStore,
    /// Whether the backend answers.
    pub link: LinkStore,
    /// What callers may do, and what they ask.
    pub permissions: PermissionsStore,
    /// The names of the secrets.
    pub secrets: SecretsStore,
    /// How the app is.
    pub health: HealthStore,
    /// The audit trail.
    pub audit: AuditStore,
    /// The time, once a second.
    pub now: ArcRwSignal<u64>,
    patience: Patience,
    client: Client,
    clock: Clock,
}

impl Stores {
    /// The stores of a page that speaks through `client`. Nothing is asked before
    /// [`Stores::start`].
    #[must_use]
    pub fn new(client: &Client, clock: Clock) -> Self {
        let link = LinkStore::default();
        let notices = NoticesStore::new(clock.clone());
        let patience = Patience::new(clock.clone(), link.clone());
        let jobs = JobsStore::new(client.clone(), clock.clone(), link.clone(), notices.clone());
        let tools = ToolsStore::new(client.clone(), patience.clone());
        let forms = FormsStore::new(client.clone(), clock.clone(), link.clone(), jobs.clone());
        Self {
            storage: StorageStore::new(client.clone(), link.clone()),
            settings: SettingsStore::new(client.clone(), clock.clone(), link.clone()),
            permissions: PermissionsStore::new(client.clone(), link.clone(), notices.clone()),
            secrets: SecretsStore::new(client.clone(), link.clone()),
            health: HealthStore::new(client.clone(), link.clone()),
            audit: AuditStore::new(client.clone(), link.clone()),
            given_paths: GivenPathsStore::new(
                client.clone(),
                tools.clone(),
                forms.clone(),
                notices.clone(),
            ),
            job_files: JobFilesStore::new(client.clone(), link.clone(), notices.clone()),
            thumbnails: ThumbnailsStore::new(client.clone(), link.clone()),
            closing: ClosingStore::new(client.clone()),
            tools,
            forms,
            presets: PresetsStore::new(client.clone(), link.clone()),
            exports: ExportsStore::new(client.clone(), link.clone(), notices.clone()),
            actions: ActionsStore::default(),
            palette: PaletteStore::new(client.clone(), clock.clone(), link.clone(), jobs.clone()),
            stop_all: StopAllStore::new(client.clone(), link.clone(), notices.clone()),
            overlays: OverlaysStore::default(),
            now: ArcRwSignal::new(clock.now_ms()),
            jobs,
            notices,
            link,
            patience,
            client: client.clone(),
            clock,
        }
    }

    /// Starts what runs for as long as the page does.
    pub fn start(&self) {
        pulse::start(self);
    }
}

/// The page's stores, within a view.
#[must_use]
pub fn use_stores() -> Stores {
    expect_context::<Stores>()
}
