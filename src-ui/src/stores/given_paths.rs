//! Paths that come from outside of the page: dropped on it, or given to the app on its command line or by
//! a second start; and what else the window is asked to show.
//!
//! They go into the field that they were dropped on, or else into the first path field of a tool. Where
//! no tool is named, the person chooses among those that take them.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use leptos::prelude::*;
use toolroom_ipc::Client;
use toolroom_shared::{GivenPaths, OpenRequest, PathsDragged, PathsDropped, TabId, ToolDefinition};

use super::{FormsStore, NoticesStore, ToolsStore};
use crate::{dom, texts};

/// What files can be dropped on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DropTarget {
    /// A field of a tool's form.
    Field {
        /// The tool.
        tool: String,
        /// The field's key.
        key: String,
    },
    /// A tool's form, beside its path fields.
    Form(String),
    /// A tool in a list.
    Tool(String),
}

/// Takes paths from outside.
#[derive(Clone)]
pub struct GivenPathsStore {
    client: Client,
    tools: ToolsStore,
    forms: FormsStore,
    notices: NoticesStore,
    over: ArcRwSignal<Option<DropTarget>>,
    undecided: ArcRwSignal<Option<Vec<String>>>,
    way: ArcRwSignal<Option<(u32, String)>>,
    ways: Arc<AtomicU32>,
}

impl GivenPathsStore {
    /// A store that was given nothing.
    #[must_use]
    pub fn new(
        client: Client,
        tools: ToolsStore,
        forms: FormsStore,
        notices: NoticesStore,
    ) -> Self {
        Self {
            client,
            tools,
            forms,
            notices,
            over: ArcRwSignal::default(),
            undecided: ArcRwSignal::default(),
            way: ArcRwSignal::default(),
            ways: Arc::default(),
        }
    }

    /// What files are dragged over, tracked.
    #[must_use]
    pub fn over(&self) -> Option<DropTarget> {
        self.over.get()
    }

    /// The key of the field that takes what is dragged over the page, tracked: the one below, or the
    /// first path field of the form below.
    #[must_use]
    pub fn field_over(&self) -> Option<String> {
        match self.over.get()? {
            DropTarget::Field { key, .. } => Some(key),
            DropTarget::Form(tool) => self.first_field(&self.tool(&tool)?),
            DropTarget::Tool(_) => None,
        }
    }

    /// The paths for which a tool is to be chosen, tracked.
    #[must_use]
    pub fn undecided(&self) -> Option<Vec<String>> {
        self.undecided.get()
    }

    /// The address to go to, tracked; the number tells one from the next.
    #[must_use]
    pub fn way(&self) -> Option<(u32, String)> {
        self.way.get()
    }

    /// The tools whose first path field takes so many paths, by their titles.
    #[must_use]
    pub fn tools_for(&self, count: usize) -> Vec<Arc<ToolDefinition>> {
        let takes = |tool: &Arc<ToolDefinition>| {
            let model = self.forms.session(tool).model;
            model
                .first_path_field()
                .is_some_and(|field| field.takes_paths(count))
        };
        let mut tools: Vec<_> = self.tools.known().unwrap_or_default();
        tools.retain(takes);
        tools.sort_by(|one, other| one.title.cmp(&other.title));
        tools
    }

    /// The person has chosen a tool for the paths, or none.
    pub fn decide(&self, tool: Option<&str>) {
        let paths = self.undecided.get_untracked();
        self.undecided.set(None);
        if let (Some(tool), Some(paths)) = (tool.and_then(|name| self.tool(name)), paths) {
            self.fill(&tool, None, &paths);
            self.go_to_tool(&tool.name);
        }
    }

    /// Listens for as long as the page is there, and takes what came before it.
    pub(super) async fn follow(self) {
        let store = self.clone();
        let dragged = self.client.on_paths_dragged(move |event| {
            if let Ok(PathsDragged { place }) = event {
                store.drag_over(place.and_then(dom::drop_target));
            }
        });
        let store = self.clone();
        let dropped = self.client.on_paths_dropped(move |event| {
            if let Ok(PathsDropped { place, given }) = event {
                store.dropped(dom::drop_target(place), given);
            }
        });
        let store = self.clone();
        let requested = self.client.on_open_requested(move |_| {
            let store = store.clone();
            leptos::task::spawn_local(async move { store.take_requests().await });
        });
        let _listening = (dragged.await, dropped.await, requested.await);
        self.take_requests().await;
        std::future::pending::<()>().await;
    }

    fn drag_over(&self, target: Option<DropTarget>) {
        if self.over.with_untracked(|over| *over != target) {
            self.over.set(target);
        }
    }

    fn dropped(&self, target: Option<DropTarget>, given: GivenPaths) {
        self.over.set(None);
        let paths = self.taken(given);
        if paths.is_empty() {
            return;
        }
        let (tool, key) = match &target {
            Some(DropTarget::Field { tool, key }) => (Some(tool), Some(key.as_str())),
            Some(DropTarget::Form(tool) | DropTarget::Tool(tool)) => (Some(tool), None),
            None => (None, None),
        };
        match tool.and_then(|name| self.tool(name)) {
            Some(tool) => {
                if self.fill(&tool, key, &paths) {
                    self.go_to_tool(&tool.name);
                }
            }
            None => self.undecided.set(Some(paths)),
        }
    }

    /// Takes what the window was asked to show.
    async fn take_requests(&self) {
        let Ok(requests) = self.client.take_open_requests().await else {
            return;
        };
        if !requests.is_empty() && self.tools.known().is_none() {
            self.tools.load_now().await;
        }
        for request in requests {
            match request {
                OpenRequest::Job { job_id } => {
                    self.go(format!("/{}/{job_id}", TabId::Jobs.id()));
                }
                OpenRequest::Tool { tool, given } => self.show_tool(tool, given),
            }
        }
    }

    fn show_tool(&self, name: Option<String>, given: GivenPaths) {
        let paths = self.taken(given);
        let Some(name) = name else {
            if !paths.is_empty() {
                self.go(TabId::Tools.path().to_owned());
                self.undecided.set(Some(paths));
            }
            return;
        };
        // A tool that isn't there the page says itself.
        if let Some(tool) = self.tool(&name)
            && !paths.is_empty()
        {
            self.fill(&tool, None, &paths);
        }
        self.go_to_tool(&name);
    }

    /// Puts paths into a field of the tool's form, or into its first path field. Whether any was.
    fn fill(&self, tool: &Arc<ToolDefinition>, key: Option<&str>, paths: &[String]) -> bool {
        let session = self.forms.session(tool);
        let field = match key {
            Some(key) => session.model.field_by_key(key),
            None => session.model.first_path_field().cloned(),
        };
        let Some(field) = field else {
            self.notices.tell(format!("{} takes no files.", tool.title));
            return false;
        };
        let mut without_place = 0;
        session.edit(&field.pointer, |values| {
            without_place = field.put_paths(values, paths);
        });
        if without_place > 0 {
            self.notices.tell(format!(
                "“{}” takes one path. The first of {} was taken.",
                field.label,
                paths.len()
            ));
        }
        true
    }

    /// The paths; those that could not be had are told of.
    fn taken(&self, given: GivenPaths) -> Vec<String> {
        if let Some(words) = texts::left_out(given.left_out) {
            self.notices.tell(words);
        }
        given.paths
    }

    fn tool(&self, name: &str) -> Option<Arc<ToolDefinition>> {
        let tools = self.tools.known()?;
        tools.into_iter().find(|tool| tool.name == name)
    }

    fn first_field(&self, tool: &Arc<ToolDefinition>) -> Option<String> {
        let model = self.forms.session(tool).model;
        model.first_path_field().map(|field| field.key.clone())
    }

    fn go_to_tool(&self, name: &str) {
        self.go(format!("/{}/{name}", TabId::Tools.id()));
    }

    fn go(&self, address: String) {
        let number = self.ways.fetch_add(1, Ordering::Relaxed);
        self.way.set(Some((number, address)));
    }
}

#[cfg(test)]
mod tests;
