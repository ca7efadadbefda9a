//! What comes from outside of the page: goes where it leads, and asks which tool takes the files for
//! which none was named.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use toolroom_shared::ToolDefinition;

use crate::components::Dialog;
use crate::stores::use_stores;
use crate::texts;

/// The question, while it is open; and the ways to where something leads.
#[component]
pub fn FromOutside() -> impl IntoView {
    let given = use_stores().given_paths;
    let navigate = use_navigate();
    {
        let given = given.clone();
        Effect::new(move |_| {
            if let Some((_, address)) = given.way() {
                navigate(&address, NavigateOptions::default());
            }
        });
    }
    let paths = {
        let given = given.clone();
        Memo::new(move |_| given.undecided())
    };
    let decide = {
        let given = given.clone();
        Callback::new(move |tool: Option<String>| given.decide(tool.as_deref()))
    };
    let nothing = Callback::new(move |()| decide.run(None));
    move || {
        paths.get().map(|paths| {
            let tools = given.tools_for(paths.len());
            let without = tools
                .is_empty()
                .then(|| view! { <p>"No tool takes them."</p> });
            let words = texts::what_shall_be_done(&paths);
            let entries = tools.iter().map(|tool| entry(tool, decide)).collect_view();
            view! {
                <Dialog label=words.clone() class="dialog asking" on_close=nothing>
                    <h2>{words}</h2>
                    {without}
                    <div class="dialog-choices">{entries}</div>
                    <div class="dialog-answers">
                        <button
                            type="button"
                            class="button quiet"
                            data-action="do-nothing"
                            on:click=move |_| nothing.run(())
                        >
                            "Nothing"
                        </button>
                    </div>
                </Dialog>
            }
        })
    }
}

fn entry(tool: &Arc<ToolDefinition>, decide: Callback<Option<String>>) -> impl IntoView + use<> {
    let name = tool.name.clone();
    view! {
        <button
            type="button"
            class="tool-entry"
            data-choice=tool.name.clone()
            on:click=move |_| decide.run(Some(name.clone()))
        >
            <span class="tool-title">{tool.title.clone()}</span>
            <span class="tool-about">{tool.description.clone()}</span>
        </button>
    }
}
