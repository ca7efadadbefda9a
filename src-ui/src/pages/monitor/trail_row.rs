//! One entry of the audit trail, and below it all that there is to know of it.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::{AuditRecord, TabId};

use crate::audit_words;
use crate::components::CopyButton;
use crate::dom;
use crate::format;
use crate::stores::use_stores;

/// An entry: a row, and what unfolds below it.
#[component]
pub fn TrailRow(
    /// The entry.
    entry: AuditRecord,
) -> impl IntoView {
    let now = use_stores().now;
    let open = RwSignal::new(false);
    let ms = format::parse_time(&entry.at).unwrap_or_default();
    let offset = dom::utc_offset_minutes(ms);
    // As it was when the page came: a table that counts up is none to read.
    let day = format::short_time(ms, now.get_untracked(), offset);
    let time = format::time_of_day(ms, offset);
    let when = match day.contains(':') {
        true => time,
        false => format!("{day}, {time}"),
    };
    let about = audit_words::about(&entry);
    let id = format!("audit-{}", entry.number);
    let detail = {
        let entry = entry.clone();
        move || open.get().then(|| facts(&entry))
    };
    view! {
        <tbody data-entry=entry.number.to_string() data-operation=entry.operation.as_str()>
            <tr class:open=open>
                <td class="col-when">
                    <button
                        type="button"
                        class="text-button"
                        aria-expanded=move || open.get().to_string()
                        aria-controls=id.clone()
                        title=format::exact_time(ms, offset)
                        on:click=move |_| open.update(|open| *open = !*open)
                    >
                        {when}
                    </button>
                </td>
                <td>{audit_words::caller(&entry.caller)}</td>
                <td>{audit_words::operation(entry.operation)}</td>
                <td class="muted">{entry.tool_name.clone()}</td>
                <td>
                    <span class="pill" data-tone=audit_words::tone(entry.decision)>
                        {entry.decision.as_str()}
                    </span>
                </td>
                <td class="muted" title=about.clone()>
                    {about.clone()}
                </td>
            </tr>
            <tr class="audit-detail" id=id hidden=move || !open.get()>
                <td colspan="6">{detail}</td>
            </tr>
        </tbody>
    }
}

fn facts(entry: &AuditRecord) -> impl IntoView + use<> {
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <div class="pair">
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    let digest = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <div class="pair">
                    <dt>{name}</dt>
                    <dd class="code">
                        <span class="mono">{format::middle_out(&value, 28)}</span>
                        <CopyButton text=value what=name />
                    </dd>
                </div>
            }
        })
    };
    let job = entry.job_id.clone().map(|id| {
        view! {
            <div class="pair">
                <dt>"Job"</dt>
                <dd>
                    <A href=format!("/{}/{id}", TabId::Jobs.id()) attr:class="link">
                        "Show the job"
                    </A>
                </dd>
            </div>
        }
    });
    view! {
        <dl class="pairs">
            {fact("Entry", Some(format::count(entry.number)))}
            {fact("About", entry.subject.clone())}
            {fact("Status", entry.status.map(|status| status.as_str().to_lowercase()))}
            {fact("Error code", entry.code.as_ref().map(|code| code.as_str().to_owned()))}
            {job}
            {digest("Input digest", entry.input_digest.clone())}
            {digest("Hash", Some(entry.hash.clone()))}
        </dl>
    }
}
