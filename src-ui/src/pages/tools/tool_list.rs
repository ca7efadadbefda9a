//! The searchable list of tools, by category.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{TabId, ToolCategory, ToolDefinition};

use crate::components::{Icon, IconView};
use crate::stores::{DropTarget, ToolList, use_stores};

/// The list of tools.
#[component]
pub fn ToolListColumn(
    /// What is known of the tools.
    list: Memo<ToolList>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let count = Memo::new(move |_| {
        list.with(|list| match list {
            ToolList::Ready(tools) => tools.len(),
            _ => 0,
        })
    });
    let placeholder = move || match count.get() {
        0 => "Search tools".to_owned(),
        1 => "Search 1 tool".to_owned(),
        many => format!("Search {many} tools"),
    };
    let shelves = Memo::new(move |_| {
        list.with(|list| match list {
            ToolList::Ready(tools) => shelved(tools, &query.get()),
            _ => BTreeMap::new(),
        })
    });
    let nothing = move || {
        (count.get() > 0 && shelves.with(BTreeMap::is_empty)).then(|| {
            view! { <p class="muted-line">"No tool is called that."</p> }
        })
    };
    let shelf = |(category, tools): (ToolCategory, Vec<Arc<ToolDefinition>>)| {
        let entries = tools.into_iter().map(|tool| entry(&tool)).collect_view();
        view! {
            <section class="shelf">
                <h2>{category.title()}</h2>
                {entries}
            </section>
        }
    };
    view! {
        <div class="column tool-list">
            <label class="search">
                <IconView icon=Icon::Search />
                <input
                    type="search"
                    aria-label="Search tools"
                    spellcheck="false"
                    placeholder=placeholder
                    on:input:target=move |ev| query.set(ev.target().value())
                />
            </label>
            <nav aria-label="Tools">
                {move || shelves.get().into_iter().map(shelf).collect_view()}
                {nothing}
            </nav>
        </div>
    }
}

fn entry(tool: &ToolDefinition) -> impl IntoView + use<> {
    let href = format!("/{}/{}", TabId::Tools.id(), tool.name);
    let given = use_stores().given_paths;
    let is_over = {
        let target = Some(DropTarget::Tool(tool.name.clone()));
        Memo::new(move |_| given.over() == target)
    };
    let (name, title, about) = (
        tool.name.clone(),
        tool.title.clone(),
        tool.description.clone(),
    );
    view! {
        <A href attr:class="tool-entry" attr:data-tool=name class:drop-over=is_over>
            <span class="tool-title">{title}</span>
            <span class="tool-about">{about}</span>
        </A>
    }
}

/// The tools that match `query`, on their shelves.
fn shelved(
    tools: &[Arc<ToolDefinition>],
    query: &str,
) -> BTreeMap<ToolCategory, Vec<Arc<ToolDefinition>>> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut shelves: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for tool in tools {
        let about = format!("{} {} {}", tool.title, tool.name, tool.description).to_lowercase();
        if words.iter().all(|word| about.contains(word)) {
            shelves.entry(tool.category).or_default().push(tool.clone());
        }
    }
    shelves
}
