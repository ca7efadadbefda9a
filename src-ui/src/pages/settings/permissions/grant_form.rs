//! What one caller may do, as a form. Each change is saved at once; what is refused is said under its
//! field.

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;
use toolroom_shared::{Caller, Grant, HostPattern, SecretName, SpawnGrant};

use super::picks::Picks;
use crate::components::{Segment, Segments, StringList, Switch};
use crate::stores::{PermissionsStore, ToolList, use_stores};

const SPAWN: [(SpawnGrant, &str, &str); 3] = [
    (SpawnGrant::Ask, "ask", "Ask me"),
    (SpawnGrant::Allowed, "allowed", "Allowed"),
    (SpawnGrant::Refused, "refused", "Refused"),
];

/// Saves changes, and keeps why one was refused.
#[derive(Clone)]
pub struct Saving {
    permissions: PermissionsStore,
    caller: Caller,
    problems: RwSignal<HashMap<&'static str, String>>,
}

impl Saving {
    /// Why the last change of a field was refused.
    pub fn problem(&self, field: &'static str) -> Signal<Option<String>> {
        let problems = self.problems;
        Signal::derive(move || problems.with(|all| all.get(field).cloned()))
    }

    /// Saves a change of a field.
    pub fn change(&self, field: &'static str, change: impl FnOnce(&mut Grant)) {
        let problems = self.problems;
        problems.update(|all| drop(all.remove(field)));
        let done = Arc::new(move |done: Result<(), String>| {
            if let Err(reason) = done {
                // Whose form is folded by now shows nothing.
                let _ = problems.try_update(|all| all.insert(field, reason));
            }
        });
        self.permissions.change(self.caller.clone(), change, done);
    }

    fn refuse(&self, field: &'static str, reason: String) {
        self.problems.update(|all| drop(all.insert(field, reason)));
    }
}

/// The form.
#[component]
pub fn GrantForm(
    /// Who.
    caller: Caller,
    /// What it may do now.
    grant: Memo<Grant>,
) -> impl IntoView {
    let stores = use_stores();
    stores.secrets.load();
    let saving = Saving {
        permissions: stores.permissions.clone(),
        caller,
        problems: RwSignal::default(),
    };
    view! {
        <div class="grant-form">
            {tools(grant, &saving)}
            {paths(
                grant,
                &saving,
                "read",
                "Folders and files to read",
                "Below them, too. Anything else is asked of you once.",
                |grant| &mut grant.read,
            )}
            {paths(
                grant,
                &saving,
                "write",
                "Folders to write in",
                "Below them, too. Anything else is asked of you once.",
                |grant| &mut grant.write,
            )}
            {paths(
                grant,
                &saving,
                "refused",
                "Never asked about",
                "What isn't granted there is refused at once.",
                |grant| &mut grant.refused_paths,
            )}
            {hosts(grant, &saving)}
            {programs(grant, &saving)}
            {secrets(grant, &saving)}
            {rate(grant, &saving)}
            {others(grant, &saving)}
        </div>
    }
}

fn tools(grant: Memo<Grant>, saving: &Saving) -> impl IntoView + use<> {
    let tools = use_stores().tools;
    let all = Memo::new(move |_| match tools.list() {
        ToolList::Ready(tools) => tools
            .iter()
            .map(|tool| (tool.name.clone(), tool.title.clone()))
            .collect(),
        _ => Vec::new(),
    });
    let every = Signal::derive(move || grant.with(|grant| grant.all_tools));
    let (switch, picks) = (saving.clone(), saving.clone());
    view! {
        <div class="field" data-grant="tools">
            <span class="field-label">"Tools"</span>
            <Switch
                id="grant-all-tools"
                on=every
                described_by="grant-tools-problem"
                on_change=Callback::new(move |on| {
                    switch.change("tools", |grant| grant.all_tools = on);
                })
            >
                "Every tool, also those that come later"
            </Switch>
            <Show when=move || !every.get()>
                <Picks
                    name="tools"
                    label="Tools that it may start"
                    all
                    chosen=Signal::derive(move || grant.with(|grant| grant.tools.clone()))
                    empty="There are no tools."
                    on_pick={
                        let picks = picks.clone();
                        Callback::new(move |(name, on): (String, bool)| {
                            picks.change("tools", |grant| {
                                grant.tools.retain(|tool| *tool != name);
                                if on {
                                    grant.tools.push(name);
                                }
                            });
                        })
                    }
                />
            </Show>
            <p class="problem" id="grant-tools-problem" aria-live="polite">
                {saving.problem("tools")}
            </p>
        </div>
    }
}

fn paths(
    grant: Memo<Grant>,
    saving: &Saving,
    name: &'static str,
    label: &'static str,
    help: &'static str,
    part: fn(&mut Grant) -> &mut Vec<String>,
) -> impl IntoView + use<> {
    let (adding, removing) = (saving.clone(), saving.clone());
    view! {
        <StringList
            id=format!("grant-{name}")
            label
            help
            placeholder="Add a whole path, then press Enter"
            items=Signal::derive(move || part(&mut grant.get()).clone())
            problem=saving.problem(name)
            on_add=Callback::new(move |path| adding.change(name, |grant| part(grant).push(path)))
            on_remove=Callback::new(move |path: String| {
                removing.change(name, |grant| part(grant).retain(|one| *one != path));
            })
        />
    }
}

fn hosts(grant: Memo<Grant>, saving: &Saving) -> impl IntoView + use<> {
    let (adding, removing) = (saving.clone(), saving.clone());
    let on_add = move |text: String| match text.parse::<HostPattern>() {
        Ok(host) => adding.change("hosts", |grant| grant.hosts.push(host)),
        Err(problem) => adding.refuse("hosts", problem.to_string()),
    };
    let on_remove = move |text: String| {
        removing.change("hosts", |grant| {
            grant.hosts.retain(|host| host.to_string() != text);
        });
    };
    let items = move || {
        grant.with(|grant| {
            let hosts = grant.hosts.iter();
            hosts.map(ToString::to_string).collect::<Vec<_>>()
        })
    };
    view! {
        <StringList
            id="grant-hosts"
            label="Servers to speak to"
            help="As in example.org, *.example.org or 192.0.2.7:8443."
            placeholder="Add a server, then press Enter"
            items=Signal::derive(items)
            problem=saving.problem("hosts")
            on_add=Callback::new(on_add)
            on_remove=Callback::new(on_remove)
        />
    }
}

fn programs(grant: Memo<Grant>, saving: &Saving) -> impl IntoView + use<> {
    let segments = SPAWN.map(|(_, id, label)| Segment {
        id: id.to_owned(),
        label: label.to_owned(),
        help: None,
        count: None,
    });
    let chosen = move || {
        let spawn = grant.with(|grant| grant.spawn);
        SPAWN.iter().position(|(one, ..)| *one == spawn)
    };
    let change = saving.clone();
    let on_choose = move |index: usize| {
        if let Some((spawn, ..)) = SPAWN.get(index) {
            change.change("programs", |grant| grant.spawn = *spawn);
        }
    };
    view! {
        <div class="field" data-grant="programs">
            <span class="field-label" id="grant-programs">
                "Programs that its jobs start"
            </span>
            <Segments
                name="grant-programs"
                labelled_by="grant-programs"
                segments=segments.to_vec()
                chosen=Signal::derive(chosen)
                on_choose=Callback::new(on_choose)
            />
            <p class="problem" aria-live="polite">
                {saving.problem("programs")}
            </p>
        </div>
    }
}

fn secrets(grant: Memo<Grant>, saving: &Saving) -> impl IntoView + use<> {
    let kept = use_stores().secrets;
    let all = Memo::new(move |_| {
        let mut names = kept.names();
        grant.with(|grant| {
            for name in &grant.secrets {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        });
        let named = names.into_iter().map(|name| {
            let text = name.as_str().to_owned();
            (text.clone(), text)
        });
        named.collect::<Vec<_>>()
    });
    let chosen = move || {
        grant.with(|grant| {
            let names = grant.secrets.iter();
            names.map(ToString::to_string).collect::<Vec<_>>()
        })
    };
    let change = saving.clone();
    let on_pick = move |(text, on): (String, bool)| {
        let Ok(name) = SecretName::new(text) else {
            return;
        };
        change.change("secrets", |grant| {
            grant.secrets.retain(|one| *one != name);
            if on {
                grant.secrets.push(name);
            }
        });
    };
    view! {
        <div class="field" data-grant="secrets">
            <span class="field-label">"Secrets"</span>
            <Picks
                name="secrets"
                label="Secrets that it may use by name"
                all
                chosen=Signal::derive(chosen)
                empty="None is kept. Add one below."
                on_pick=Callback::new(on_pick)
            />
            <p class="problem" aria-live="polite">
                {saving.problem("secrets")}
            </p>
        </div>
    }
}

fn rate(grant: Memo<Grant>, saving: &Saving) -> impl IntoView + use<> {
    let value = move || grant.with(|grant| grant.starts_per_minute.to_string());
    let problem = saving.problem("rate");
    let change = saving.clone();
    let on_change = move |text: String| match text.trim().parse::<u32>() {
        Ok(number) => change.change("rate", |grant| grant.starts_per_minute = number),
        Err(_) => change.refuse("rate", "Enter a whole number, such as 60.".to_owned()),
    };
    view! {
        <div class="field narrow" data-grant="rate">
            <label class="field-label" for="grant-rate">
                "Starts a minute"
            </label>
            <input
                id="grant-rate"
                class="input number-input"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                aria-describedby="grant-rate-problem"
                aria-invalid=move || problem.with(Option::is_some).to_string()
                prop:value=value
                on:change:target=move |ev| on_change(ev.target().value())
            />
            <p class="problem" id="grant-rate-problem" aria-live="polite">
                {problem}
            </p>
        </div>
    }
}

fn others(grant: Memo<Grant>, saving: &Saving) -> impl IntoView + use<> {
    let change = saving.clone();
    view! {
        <div class="field" data-grant="others">
            <Switch
                id="grant-others"
                on=Signal::derive(move || grant.with(|grant| grant.others_jobs))
                described_by="grant-others-problem"
                on_change=Callback::new(move |on| {
                    change.change("others", |grant| grant.others_jobs = on);
                })
            >
                "Sees and cancels the jobs of others"
            </Switch>
            <p class="problem" id="grant-others-problem" aria-live="polite">
                {saving.problem("others")}
            </p>
        </div>
    }
}
