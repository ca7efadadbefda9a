//! A few options side by side, one of them chosen.

use leptos::prelude::*;

/// One of the options.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// What tests and styles know it by.
    pub id: String,
    /// What people read.
    pub label: String,
    /// More about it, on hover.
    pub help: Option<String>,
    /// How many there are behind it, if that is to be said.
    pub count: Option<Signal<u32>>,
}

/// Options side by side. They are radio buttons, so that the arrow keys move between them.
#[component]
pub fn Segments(
    /// The name that the radio buttons share; unique on the page.
    #[prop(into)]
    name: String,
    /// The id of what names the group.
    #[prop(into)]
    labelled_by: String,
    /// The options.
    segments: Vec<Segment>,
    /// The index of the chosen one.
    #[prop(into)]
    chosen: Signal<Option<usize>>,
    /// Takes the index of the new one.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let segments = segments
        .into_iter()
        .enumerate()
        .map(|(index, segment)| {
            let count = segment.count;
            let count = move || {
                count
                    .map(|count| count.get())
                    .filter(|count| *count > 0)
                    .map(|count| format!(" {count}"))
            };
            view! {
                <label class="segment" data-option=segment.id title=segment.help>
                    <input
                        type="radio"
                        class="visually-hidden"
                        name=name.clone()
                        prop:checked=move || chosen.get() == Some(index)
                        on:change=move |_| on_choose.run(index)
                    />
                    <span class="segment-label">{segment.label} {count}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <div class="segments" role="radiogroup" aria-labelledby=labelled_by>
            {segments}
        </div>
    }
}
