//! A list or an object as branches that unfold, with the keys that a tree has.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::html::Ul;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::ResultContext;
use super::pairs::value;
use crate::components::{Icon, IconView};
use crate::result::{Table, TreePath, TreeStep, schema_of, tree_lines, tree_step};

/// The tree of an object of the output, under its name.
pub(super) fn section(name: &str, label: String, context: &ResultContext) -> impl IntoView + use<> {
    let tree = tree(Some(name.to_owned()), label.clone(), context);
    view! {
        <figure class="result-table">
            <figcaption>
                <span>{label}</span>
            </figcaption>
            {tree}
        </figure>
    }
}

/// The tree of a list.
pub(super) fn of_list(table: &Table, context: &ResultContext) -> impl IntoView + use<> {
    tree(table.name.clone(), table.label.clone(), context)
}

fn tree(name: Option<String>, label: String, context: &ResultContext) -> impl IntoView + use<> {
    let open = RwSignal::new(BTreeSet::<TreePath>::new());
    let at = RwSignal::new(TreePath::new());
    let list = NodeRef::<Ul>::new();
    let (output, schema, compact) = (
        context.output.clone(),
        context.schema.clone(),
        context.compact,
    );
    let lines = Memo::new(move |_| {
        let root: &Value = &schema;
        let whole: &Value = &output;
        let value = name.as_ref().map_or(Some(whole), |name| whole.get(name));
        let described = schema_of(root, name.as_deref());
        Arc::new(tree_lines(
            value.unwrap_or(&Value::Null),
            &described,
            root,
            &open.get(),
        ))
    });
    // One line can be reached by Tab: the one that somebody was at, or else the first.
    let reachable = Memo::new(move |_| {
        lines.with(|lines| {
            let here = at.with(|at| lines.iter().position(|line| line.path == *at));
            here.unwrap_or(0)
        })
    });
    let turn = move |path: &TreePath| {
        open.update(|open| {
            if !open.remove(path) {
                open.insert(path.clone());
            }
        });
    };
    let on_key = move |ev: KeyboardEvent| {
        let lines = lines.get_untracked();
        let here = reachable.get_untracked();
        match tree_step(&lines, here, &ev.key()) {
            Some(TreeStep::To(to)) => {
                at.set(lines[to].path.clone());
                focus_line(list, to);
            }
            Some(TreeStep::Turn) => {
                turn(&lines[here].path);
                // The lines are drawn anew.
                focus_line(list, here);
            }
            None => return,
        }
        ev.prevent_default();
    };
    let line = move |index: usize| {
        let Some(line) = lines.with(|lines| lines.get(index).cloned()) else {
            return ().into_any();
        };
        let path = line.path.clone();
        let is_branch = line.is_open.is_some();
        let press = move |_| {
            at.set(path.clone());
            if is_branch {
                turn(&path);
                focus_line(list, index);
            }
        };
        let level = line.path.len().to_string();
        let indent = format!("{}px", 4 + 16 * (line.path.len() - 1));
        let chevron = is_branch.then(|| view! { <IconView icon=Icon::Chevron /> });
        view! {
            <li
                role="treeitem"
                class="branch"
                tabindex=move || if reachable.get() == index { "0" } else { "-1" }
                aria-posinset=line.place.to_string()
                aria-setsize=line.siblings.to_string()
                aria-expanded=line.is_open.map(|open| open.to_string())
                style:padding-left=indent
                on:click=press
            >
                <span class="branch-mark">{chevron}</span>
                <span class="branch-label">{value(line.label, "value", compact)}</span>
                <span class="branch-note">{line.note}</span>
            </li>
        }
        .attr("aria-level", level)
        .into_any()
    };
    let all = move || {
        let count = lines.with(|lines| lines.len());
        (0..count).map(line).collect_view()
    };
    view! {
        <ul class="tree" role="tree" aria-label=label node_ref=list on:keydown=on_key>
            {all}
        </ul>
    }
}

fn focus_line(list: NodeRef<Ul>, index: usize) {
    request_animation_frame(move || {
        let line = list
            .get_untracked()
            .and_then(|list| list.children().item(u32::try_from(index).ok()?))
            .and_then(|line| line.dyn_into::<HtmlElement>().ok());
        if let Some(line) = line {
            // Fails only for what is going away.
            let _ = line.focus();
        }
    });
}
