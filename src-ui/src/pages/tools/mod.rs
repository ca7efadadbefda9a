//! The tools page: choose a tool, fill in its form, watch its runs.

mod presets;
mod run_card;
mod runs;
mod tool_form;
mod tool_list;

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use toolroom_shared::TabId;

use crate::components::{Banner, Empty, Skeleton};
use crate::stores::{ToolList, use_stores};

use runs::Runs;
use tool_form::ToolForm;
use tool_list::ToolListColumn;

/// The tools page.
#[component]
pub fn ToolsPage() -> impl IntoView {
    let stores = use_stores();
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")));
    let tools = stores.tools.clone();
    let list = Memo::new(move |_| tools.list());
    let tool = {
        let tools = stores.tools.clone();
        Memo::new(move |_| name.get().and_then(|name| tools.find(&name)))
    };
    let navigate = use_navigate();
    Effect::new(move |_| {
        // Without a tool in the address, the first one: an empty page would help nobody.
        if name.get().is_none()
            && let ToolList::Ready(tools) = list.get()
            && let Some(first) = tools.first()
        {
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(&format!("/{}/{}", TabId::Tools.id(), first.name), options);
        }
    });
    let retry = {
        let tools = stores.tools.clone();
        Callback::new(move |()| tools.load())
    };
    // Stands for the form's own heading while there is no form.
    let heading = || view! { <h1 class="visually-hidden">{TabId::Tools.title()}</h1> };
    let body = move || match (list.get(), tool.get()) {
        (ToolList::Failed(reason), _) => view! {
            <div class="column-wide">
                {heading()}
                <Banner title="The tools could not be loaded." reason on_retry=retry />
            </div>
        }
        .into_any(),
        (ToolList::Loading, _) => {
            view! { <div class="column-wide">{heading()} <Skeleton rows=6 /></div> }.into_any()
        }
        (ToolList::Ready(tools), _) if tools.is_empty() => view! {
            <div class="column-wide">
                {heading()}
                <Empty title="No tools" hint="This build of the app comes without tools." />
            </div>
        }
        .into_any(),
        (ToolList::Ready(_), Some(tool)) => view! {
            <ToolForm tool=tool.clone() />
            <Runs tool />
        }
        .into_any(),
        (ToolList::Ready(_), None) => view! {
            <div class="column-wide">
                {heading()}
                {name
                    .get()
                    .map(|name| {
                        view! {
                            <Empty
                                title=format!("There is no tool called {name}")
                                hint="Choose one on the left."
                            />
                        }
                    })}
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="page tools-page" data-page-id=TabId::Tools.id()>
            <ToolListColumn list />
            {body}
        </div>
    }
}
