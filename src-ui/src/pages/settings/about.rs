//! Versions, contract, licences.

use leptos::prelude::*;
use toolroom_shared::About;

use crate::components::{Banner, CopyButton, Fold, Skeleton};
use crate::format;
use crate::stores::{Asked, use_stores};

/// How much of a hash tells it from others.
const HASH_SHOWN: usize = 24;

/// The page within the settings.
#[component]
pub fn AboutSettings() -> impl IntoView {
    let store = use_stores().storage;
    store.load_about();
    let about = {
        let store = store.clone();
        Memo::new(move |_| store.about())
    };
    let body = move || match about.get() {
        Asked::Waiting => view! { <Skeleton rows=4 /> }.into_any(),
        Asked::Failed(reason) => {
            let store = store.clone();
            let on_retry = Callback::new(move |()| store.load_about());
            view! { <Banner title="What the app is made of could not be found out." reason on_retry /> }
                .into_any()
        }
        Asked::Here(about) => shown(&about).into_any(),
    };
    view! {
        <p class="settings-lead">"Versions, contract, licences."</p>
        {body}
    }
}

fn shown(about: &About) -> impl IntoView + use<> {
    let rows = facts(about)
        .into_iter()
        .map(|(name, value)| {
            let short = format::middle_out(&value, 64);
            view! {
                <dt>{name.clone()}</dt>
                <dd data-fact=name class="settings-path" title=value>
                    {short}
                </dd>
            }
        })
        .collect_view();
    let licences = about.licences.clone();
    let note = format!("{} crates", format::count(licences.len() as u64));
    view! {
        <dl class="settings-facts">{rows}</dl>
        <p class="settings-copy">
            <CopyButton text=report(about) what="All of it" />
            <span class="muted">"Copy it for a report."</span>
        </p>
        <Fold title="Licences of what is built in" name="licences" level=2 note=note>
            <ul class="settings-licences">
                {licences
                    .clone()
                    .into_iter()
                    .map(|part| {
                        view! {
                            <li>
                                <span>{part.name} " " {part.version}</span>
                                <span class="muted">{part.licence}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Fold>
    }
}

/// What there is to know, by name.
fn facts(about: &About) -> Vec<(String, String)> {
    let own = [
        ("Toolroom", about.version.clone()),
        (
            "Contract",
            format::middle_out(&about.contract_hash, HASH_SHOWN),
        ),
        ("System", about.system.clone()),
        ("Data folder", about.data_folder.clone()),
    ];
    let parts = about
        .parts
        .iter()
        .map(|part| (part.name.clone(), part.version.clone()));
    own.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(parts)
        .collect()
}

/// All of it as lines.
fn report(about: &About) -> String {
    let lines = facts(about)
        .into_iter()
        .map(|(name, value)| match name.as_str() {
            "Contract" => format!("{name}: {}", about.contract_hash),
            _ => format!("{name}: {value}"),
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolroom_shared::PartVersion;

    #[test]
    fn a_report_has_the_whole_hash_and_every_version() {
        let about = About {
            version: "1.2.3".into(),
            contract_hash: "f".repeat(64),
            parts: vec![PartVersion {
                name: "SQLite".into(),
                version: "3.50".into(),
            }],
            ..About::default()
        };
        let report = report(&about);
        for line in [
            "Toolroom: 1.2.3",
            &format!("Contract: {}", "f".repeat(64)),
            "SQLite: 3.50",
        ] {
            assert!(report.lines().any(|own| own == line), "{line} in {report}");
        }
    }
}
