//! The palette: finds anything by a few letters and does it, by keyboard from start to end.

mod offers;

use leptos::ev;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::components::{Dialog, Icon, IconView, Keys};
use crate::dom;
use crate::palette::{Found, Group, Hit, marked, rank};
use crate::stores::{Overlay, use_stores};

use offers::{Does, Offer, offers};

/// How far Page Up and Page Down go.
const PAGE: usize = 8;
/// The id of the list of what was found.
const LIST: &str = "palette-list";

/// The palette.
#[component]
pub fn Palette() -> impl IntoView {
    let overlays = use_stores().overlays;
    let close = Callback::new(move |()| overlays.close(Overlay::Palette));
    view! {
        <Dialog label="Find anything" class="dialog palette" on_close=close>
            <Finder close />
        </Dialog>
    }
}

/// What was found, in the order on screen, and which of it is meant.
#[derive(Clone, Copy)]
struct Finding {
    offers: Memo<Vec<Offer>>,
    found: Memo<Found>,
    meant: RwSignal<usize>,
}

impl Finding {
    fn count(self) -> usize {
        self.found
            .with(|found| found.iter().map(|(_, hits)| hits.len()).sum())
    }

    fn offer(self, place: usize) -> Option<Offer> {
        let hits = self.found.get_untracked();
        let hit = hits.into_iter().flat_map(|(_, hits)| hits).nth(place)?;
        self.offers
            .with_untracked(|offers| offers.get(hit.entry).cloned())
    }

    /// Means the offer that is so far away; past an end it goes on at the other.
    fn step(self, step: isize) {
        let count = untrack(|| self.count());
        if count == 0 {
            return;
        }
        let to = (self.meant.get_untracked() + count).saturating_add_signed(step) % count;
        self.mean(to);
    }

    fn mean(self, place: usize) {
        self.meant.set(place);
        dom::bring_into_sight(format!("#{}", row_id(place)));
    }
}

fn row_id(place: usize) -> String {
    format!("palette-row-{place}")
}

/// The field that is typed into, and what it finds.
#[component]
fn Finder(
    /// Closes the palette.
    close: Callback<()>,
) -> impl IntoView {
    let stores = use_stores();
    let query = RwSignal::new(String::new());
    let offers = {
        let stores = stores.clone();
        Memo::new(move |_| offers(&stores))
    };
    // What was chosen before the palette opened: the order doesn't change below one's hands.
    let recent = untrack(|| stores.palette.recent());
    let found = Memo::new(move |_| {
        let entries: Vec<_> = offers.with(|offers| {
            let offers = offers.iter();
            offers.map(|offer| offer.entry.clone()).collect()
        });
        query.with(|query| rank(&entries, query, &recent))
    });
    let finding = Finding {
        offers,
        found,
        meant: RwSignal::new(0),
    };
    let type_in = {
        let palette = stores.palette.clone();
        move |text: String| {
            palette.search(&text);
            finding.meant.set(0);
            query.set(text);
        }
    };
    // What was searched for the last time is found no longer.
    stores.palette.search("");
    let navigate = use_navigate();
    let palette = stores.palette.clone();
    let choose = Callback::new(move |place: usize| {
        let Some(offer) = finding.offer(place) else {
            return;
        };
        palette.choose(&offer.entry.id);
        close.run(());
        match offer.does {
            Does::Go(path) => {
                navigate(&path, NavigateOptions::default());
                dom::focus_heading();
            }
            // Once the dialog is gone: what is done may open another, or move the focus.
            Does::Act(does) => request_animation_frame(move || does()),
        }
    });
    let on_key = move |ev: ev::KeyboardEvent| {
        let page = isize::try_from(PAGE).unwrap_or(1);
        match ev.key().as_str() {
            "ArrowDown" => finding.step(1),
            "ArrowUp" => finding.step(-1),
            "PageDown" => finding.step(page),
            "PageUp" => finding.step(-page),
            // The only place to be: there is nowhere to go on to.
            "Tab" => {}
            "Enter" if !ev.ctrl_key() && !ev.meta_key() => {
                choose.run(finding.meant.get_untracked());
            }
            _ => return,
        }
        ev.prevent_default();
    };
    let active = move || (finding.count() > 0).then(|| row_id(finding.meant.get()));
    let said = move || match (finding.count(), query.with(String::is_empty)) {
        (_, true) => String::new(),
        (0, _) => "Nothing found".to_owned(),
        (1, _) => "1 found".to_owned(),
        (many, _) => format!("{many} found"),
    };
    view! {
        <div class="palette-field">
            <IconView icon=Icon::Search />
            <input
                type="text"
                role="combobox"
                aria-label="Find anything"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=LIST
                aria-activedescendant=active
                autocomplete="off"
                spellcheck="false"
                autofocus=true
                placeholder="Find tools, jobs, pages, settings and actions"
                data-palette-query=""
                on:input:target=move |ev| type_in(ev.target().value())
                on:keydown=on_key
            />
        </div>
        <Rows finding choose />
        <Instead finding query />
        <p class="visually-hidden" role="status">
            {said}
        </p>
        <div class="palette-foot" aria-hidden="true">
            <span><Keys keys=vec!["↑".into(), "↓".into()] /> " choose"</span>
            <span><Keys keys=vec!["⏎".into()] /> " open"</span>
            <span><Keys keys=vec!["Esc".into()] /> " close"</span>
        </div>
    }
}

/// What was found, by its kinds.
#[component]
fn Rows(
    /// What was found.
    finding: Finding,
    /// Takes the place of what was chosen.
    choose: Callback<usize>,
) -> impl IntoView {
    let groups = move || {
        let mut place = 0;
        let groups = finding.found.get().into_iter();
        groups
            .map(|(group, hits)| {
                let rows = hits
                    .into_iter()
                    .map(|hit| {
                        place += 1;
                        row(finding, &hit, place - 1, choose)
                    })
                    .collect_view();
                let id = format!("palette-group-{group:?}");
                let named = id.clone();
                view! {
                    <div role="group" aria-labelledby=named>
                        <p class="palette-group" id=id role="presentation">
                            {group.title()}
                        </p>
                        {rows}
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <div class="palette-list" role="listbox" id=LIST aria-label="Found">
            {groups}
        </div>
    }
}

fn row(
    finding: Finding,
    hit: &Hit,
    place: usize,
    choose: Callback<usize>,
) -> impl IntoView + use<> {
    let offer = finding
        .offers
        .with_untracked(|offers| offers.get(hit.entry).cloned())?;
    let title = marked(&offer.entry.title, &hit.marks)
        .into_iter()
        .map(|(is_meant, piece)| {
            if is_meant {
                view! { <mark>{piece}</mark> }.into_any()
            } else {
                piece.into_any()
            }
        })
        .collect_view();
    let is_meant = move || finding.meant.get() == place;
    // Only a mouse that moves means something: rows also come to lie under one that rests.
    let mean = move |_| {
        if finding.meant.get_untracked() != place {
            finding.meant.set(place);
        }
    };
    Some(view! {
        <div
            class="palette-row"
            role="option"
            id=row_id(place)
            data-offer=offer.entry.id
            aria-selected=move || is_meant().to_string()
            on:mousemove=mean
            on:click=move |_| choose.run(place)
        >
            <IconView icon=offer.icon />
            <span class="palette-title">{title}</span>
            <span class="palette-about">{offer.entry.about}</span>
            {offer.keys.map(|keys| view! { <Keys keys /> })}
        </div>
    })
}

/// What stands where nothing was found, or jobs are still being searched for.
#[component]
fn Instead(
    /// What was found.
    finding: Finding,
    /// What was typed.
    query: RwSignal<String>,
) -> impl IntoView {
    let palette = use_stores().palette;
    let words = move || {
        let has_jobs = finding.found.with(|found| {
            let mut groups = found.iter();
            groups.any(|(group, _)| *group == Group::Jobs)
        });
        match (palette.found().searching, finding.count()) {
            (true, _) if !has_jobs => "Searching the jobs…".to_owned(),
            (_, 0) => query.with(|query| format!("Nothing is called “{}”.", query.trim())),
            _ => String::new(),
        }
    };
    view! { <p class="palette-instead">{words}</p> }
}
