//! What there is to find, and what happens when it is chosen. All of it comes from the stores.

use std::sync::Arc;

use leptos::prelude::*;
use toolroom_shared::{JobSummary, TabId, ToolDefinition};

use crate::components::Icon;
use crate::keys::{self, Command, Shortcut};
use crate::pages::job_view::{short_id, standing};
use crate::palette::{Entry, Group};
use crate::shell::sidebar::icon;
use crate::stores::{Action, Stores, ToolList};
use crate::texts;

/// Something to find, and what it does.
#[derive(Clone)]
pub struct Offer {
    /// By what it is found.
    pub entry: Entry,
    /// Its icon.
    pub icon: Icon,
    /// The shortcut that does it too.
    pub keys: Option<Vec<String>>,
    /// What choosing it does.
    pub does: Does,
}

/// What choosing an offer does.
#[derive(Clone)]
pub enum Does {
    /// Goes to an address within the page.
    Go(String),
    /// Does something.
    Act(Arc<dyn Fn() + Send + Sync>),
}

impl PartialEq for Offer {
    /// What it does follows from what it is.
    fn eq(&self, other: &Self) -> bool {
        (&self.entry, self.icon, &self.keys) == (&other.entry, other.icon, &other.keys)
    }
}

/// Everything that can be found now, tracked.
#[must_use]
pub fn offers(stores: &Stores) -> Vec<Offer> {
    let tools = match stores.tools.list() {
        ToolList::Ready(tools) => tools,
        _ => Vec::new(),
    };
    let jobs = stores.palette.found().jobs;
    let actions = stores.actions.offered();
    let here = actions.iter().filter(|action| action.is_here);
    let anywhere = actions.iter().filter(|action| !action.is_here);
    here.map(|action| of_action(action, Group::Here))
        .chain(tools.iter().map(|tool| of_tool(tool)))
        .chain(TabId::ALL.into_iter().map(of_page))
        .chain(anywhere.map(|action| of_action(action, Group::Actions)))
        .chain(jobs.iter().map(|job| of_job(stores, job)))
        .collect()
}

fn of_tool(tool: &ToolDefinition) -> Offer {
    Offer {
        entry: Entry {
            id: format!("tool:{}", tool.name),
            group: Group::Tools,
            title: tool.title.clone(),
            about: tool.description.clone(),
            also: format!("{} {}", tool.name, tool.category.title()),
        },
        icon: icon(TabId::Tools),
        keys: None,
        does: Does::Go(format!("{}/{}", TabId::Tools.path(), tool.name)),
    }
}

fn of_page(tab: TabId) -> Offer {
    let (group, also) = if tab.is_settings() {
        (Group::Settings, texts::SETTINGS)
    } else {
        (Group::Pages, "Page")
    };
    Offer {
        entry: Entry {
            id: format!("page:{}", tab.id()),
            group,
            title: tab.title().to_owned(),
            about: String::new(),
            also: also.to_owned(),
        },
        icon: icon(tab),
        keys: keys::shortcut(Command::Go(tab)).map(Shortcut::keys),
        does: Does::Go(tab.path().to_owned()),
    }
}

fn of_action(action: &Action, group: Group) -> Offer {
    Offer {
        entry: Entry {
            id: format!("action:{}", action.id),
            group,
            title: action.title.clone(),
            about: String::new(),
            also: action.about.clone(),
        },
        icon: Icon::Chevron,
        keys: action.command.and_then(keys::shortcut).map(Shortcut::keys),
        does: Does::Act(action.does.clone()),
    }
}

/// A job that was found, named by its input once that is known.
fn of_job(stores: &Stores, found: &JobSummary) -> Offer {
    let id = &found.job_id;
    let title = stores
        .jobs
        .job_tracked(id)
        .and_then(|job| job.with(|job| job.title.clone()));
    let tool = stores
        .tools
        .find(&found.tool_name)
        .map_or_else(|| found.tool_name.clone(), |tool| tool.title.clone());
    Offer {
        entry: Entry {
            id: format!("job:{id}"),
            group: Group::Jobs,
            title: title.unwrap_or_else(|| short_id(id)),
            about: format!("{tool} · {}", standing(found)),
            also: String::new(),
        },
        icon: icon(TabId::Jobs),
        keys: None,
        does: Does::Go(format!("{}/{id}", TabId::Jobs.path())),
    }
}
