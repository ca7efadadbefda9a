//! A job's times and identity.

use leptos::prelude::*;
use leptos_router::components::A;
use toolroom_shared::TabId;

use crate::components::CopyButton;
use crate::pages::job_view::{JobReading, When, short_id, took_so_far};

/// When the job was, how long it took, who started it.
#[component]
pub fn Overview(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let created = reading.summary(|job| Some(job.created_at.clone()));
    let started = reading.summary(|job| job.started_at.clone());
    let finished = reading.summary(|job| job.finished_at.clone());
    let attempt = reading.summary(|job| job.attempt);
    let code = reading.summary(|job| job.error.as_ref().map(|error| error.code.to_string()));
    let caller = reading.summary(|job| job.caller.label());
    let took = took_so_far(&reading);
    let moment = |name: &'static str, at: Memo<Option<String>>| {
        move || {
            at.get().map(|_| {
                view! {
                    <div class="pair">
                        <dt>{name}</dt>
                        <dd>
                            <When at />
                        </dd>
                    </div>
                }
            })
        }
    };
    view! {
        <section class="detail-part">
            <h3>"Times"</h3>
            <dl class="pairs">
                <div class="pair">
                    <dt>"Queued by " {caller}</dt>
                    <dd>
                        <When at=created />
                    </dd>
                </div>
                {moment("Began", started)}
                {moment("Ended", finished)}
                {move || took.get().map(|took| view! { <Fact name="Took" value=took /> })}
                {move || {
                    (attempt.get() > 1)
                        .then(|| view! { <Fact name="Attempt" value=attempt.get().to_string() /> })
                }}
                {move || code.get().map(|code| view! { <Fact name="Error code" value=code /> })}
            </dl>
        </section>
    }
}

/// The job's id, and its tool.
#[component]
pub fn Identity(
    /// The job.
    reading: JobReading,
) -> impl IntoView {
    let id = reading.id.as_str().to_owned();
    let earlier = reading.summary(|job| job.retry_of.clone());
    let again_after = move || {
        earlier.get().map(|earlier| {
            view! {
                <div class="pair">
                    <dt>"Again after"</dt>
                    <dd>
                        <A
                            href=format!("/{}/{earlier}", TabId::Jobs.id())
                            attr:class="link"
                            attr:data-action="show-earlier"
                        >
                            {short_id(&earlier)}
                        </A>
                    </dd>
                </div>
            }
        })
    };
    let tool = move || {
        let name = reading.job.with(|job| job.summary.tool_name.clone());
        match reading.tool.get() {
            Some(tool) => format!("{name} {}", tool.version),
            None => name,
        }
    };
    view! {
        <section class="detail-part">
            <h3>"Identity"</h3>
            <dl class="pairs">
                <div class="pair">
                    <dt>"Job"</dt>
                    <dd class="code">
                        <span class="mono">{id.clone()}</span>
                        <CopyButton text=id what="job id" />
                    </dd>
                </div>
                {again_after}
                <div class="pair">
                    <dt>"Tool"</dt>
                    <dd class="mono">{tool}</dd>
                </div>
            </dl>
        </section>
    }
}

#[component]
fn Fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <div class="pair">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}
