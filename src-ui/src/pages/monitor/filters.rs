//! Which entries of the audit trail are shown.

use leptos::prelude::*;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_shared::{AuditDecision, AuditOperation, AuditQuery};

use crate::audit_words;
use crate::stores::{Known, ToolList, use_stores};

/// What is chosen; an index of 0 stands for all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    /// A caller, or a kind of callers.
    pub caller: String,
    /// A tool.
    pub tool: String,
    /// What was done, by its name on the wire.
    pub operation: String,
    /// What was decided, by its name on the wire.
    pub decision: String,
    /// How far back, in hours.
    pub hours: String,
}

impl Chosen {
    /// Whether nothing is left out.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// What to ask for, at the moment `now_ms`.
    pub fn query(&self, now_ms: u64) -> AuditQuery {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut operations = AuditOperation::ALL.into_iter();
        let mut decisions = AuditDecision::ALL.into_iter();
        AuditQuery {
            caller: some(&self.caller),
            tool_name: some(&self.tool),
            operation: operations.find(|one| one.as_str() == self.operation),
            decision: decisions.find(|one| one.as_str() == self.decision),
            since: self
                .hours
                .parse()
                .ok()
                .and_then(|hours| since(now_ms, hours)),
            ..AuditQuery::default()
        }
    }
}

fn since(now_ms: u64, hours: i64) -> Option<String> {
    let now = OffsetDateTime::from_unix_timestamp(i64::try_from(now_ms / 1_000).ok()?).ok()?;
    (now - Duration::hours(hours)).format(&Rfc3339).ok()
}

/// The choices, side by side.
#[component]
pub fn Filters(
    /// What is chosen.
    chosen: RwSignal<Chosen>,
) -> impl IntoView {
    let stores = use_stores();
    let callers = {
        let permissions = stores.permissions.clone();
        Memo::new(move |_| {
            let kinds = [
                ("window", "window"),
                ("terminal", "terminal"),
                ("app", "app"),
                ("http", "all HTTP clients"),
                ("mcp", "all MCP clients"),
                ("model", "all models"),
            ];
            let kinds = kinds.map(|(id, words)| (id.to_owned(), words.to_owned()));
            let named = match permissions.state() {
                Known::Ready(state) => state.policy.grants,
                _ => Vec::new(),
            };
            let named = named.into_iter().map(|given| {
                let text = given.caller.to_string();
                let words = audit_words::caller(&text);
                (text, words)
            });
            kinds.into_iter().chain(named).collect::<Vec<_>>()
        })
    };
    let tools = {
        let tools = stores.tools.clone();
        Memo::new(move |_| match tools.list() {
            ToolList::Ready(tools) => tools
                .iter()
                .map(|tool| (tool.name.clone(), tool.title.clone()))
                .collect(),
            _ => Vec::new(),
        })
    };
    let fixed = |all: Vec<(&str, &str)>| {
        let all: Vec<_> = all
            .into_iter()
            .map(|(id, words)| (id.to_owned(), words.to_owned()))
            .collect();
        Memo::new(move |_| all.clone())
    };
    let operations = AuditOperation::ALL.map(|one| (one.as_str(), audit_words::operation(one)));
    let decisions = AuditDecision::ALL.map(|one| (one.as_str(), one.as_str()));
    let times = vec![
        ("1", "last hour"),
        ("24", "last 24 hours"),
        ("168", "last 7 days"),
    ];
    view! {
        <div class="audit-filters" role="group" aria-label="Show only">
            {select(chosen, "caller", "Caller", "anybody", callers, |all| &mut all.caller)}
            {select(chosen, "tool", "Tool", "any tool", tools, |all| &mut all.tool)}
            {select(
                chosen,
                "operation",
                "Operation",
                "anything",
                fixed(operations.to_vec()),
                |all| &mut all.operation,
            )}
            {select(
                chosen,
                "decision",
                "Decision",
                "any decision",
                fixed(decisions.to_vec()),
                |all| &mut all.decision,
            )}
            {select(chosen, "time", "Time", "any time", fixed(times), |all| &mut all.hours)}
        </div>
    }
}

fn select(
    chosen: RwSignal<Chosen>,
    id: &'static str,
    label: &'static str,
    all: &'static str,
    choices: Memo<Vec<(String, String)>>,
    part: fn(&mut Chosen) -> &mut String,
) -> impl IntoView {
    let value = move || part(&mut chosen.get()).clone();
    let options = move || {
        let current = part(&mut chosen.get_untracked()).clone();
        let options = choices.get().into_iter().map(|(id, words)| {
            let is_chosen = id == current;
            view! {
                <option value=id selected=is_chosen>
                    {words}
                </option>
            }
        });
        options.collect_view()
    };
    view! {
        <select
            class="input"
            aria-label=label
            data-filter=id
            prop:value=value
            on:change:target=move |ev| {
                let text = ev.target().value();
                chosen.update(|chosen| *part(chosen) = text);
            }
        >
            <option value="">{all}</option>
            {options}
        </select>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_asked_for_and_nothing_else() {
        assert_eq!(Chosen::default().query(0), AuditQuery::default());
        let chosen = Chosen {
            caller: "http".into(),
            operation: "secret".into(),
            decision: "refused".into(),
            hours: "24".into(),
            ..Chosen::default()
        };
        let query = chosen.query(1_767_312_000_000);
        assert_eq!(query.caller.as_deref(), Some("http"));
        assert_eq!(query.operation, Some(AuditOperation::Secret));
        assert_eq!(query.decision, Some(AuditDecision::Refused));
        assert_eq!(query.since.as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(query.tool_name, None);
    }
}
