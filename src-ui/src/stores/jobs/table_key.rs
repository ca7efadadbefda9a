//! Which jobs the table shows and in which order, as the page's address says it.

use std::fmt::Write;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_shared::{Caller, JobStatus, JobsQuery, JobsSort};

/// Which jobs are shown, by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatusFilter {
    /// Every job.
    #[default]
    All,
    /// Those that have not ended.
    Active,
    /// Those that failed.
    Failed,
}

/// Which jobs are shown, by when they were accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeSpan {
    /// At any time.
    #[default]
    Any,
    /// In the last hour.
    Hour,
    /// In the last 24 hours.
    Day,
    /// In the last seven days.
    Week,
    /// In the last 30 days.
    Month,
}

/// Names a table: what it shows and how it is ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TableKey {
    /// Only jobs in these statuses.
    pub status: StatusFilter,
    /// Only jobs of this tool.
    pub tool: Option<String>,
    /// Only jobs that this caller started.
    pub caller: Option<Caller>,
    /// Only jobs of this time.
    pub span: TimeSpan,
    /// Only jobs in which these words occur; empty for any.
    pub search: String,
    /// By what it is ordered.
    pub sort: JobsSort,
    /// The least first.
    pub ascending: bool,
}

impl StatusFilter {
    /// Every filter, in the order on screen.
    pub const ALL: [Self; 3] = [Self::All, Self::Active, Self::Failed];

    /// The filter's name as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Active => "Active",
            Self::Failed => "Failed",
        }
    }

    /// What stands for it in the address.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Active => "active",
            Self::Failed => "failed",
        }
    }

    /// Whether jobs in that status are shown.
    #[must_use]
    pub fn shows(self, status: JobStatus) -> bool {
        match self {
            Self::All => true,
            Self::Active => !status.is_terminal(),
            Self::Failed => status == JobStatus::Failed,
        }
    }

    /// Those of `among` that are shown.
    fn statuses(self, among: impl Fn(JobStatus) -> bool) -> Vec<JobStatus> {
        let all = JobStatus::ALL.into_iter();
        all.filter(|status| self.shows(*status) && among(*status))
            .collect()
    }
}

impl TimeSpan {
    /// Every span, the shortest last but one.
    pub const ALL: [Self; 5] = [Self::Any, Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The span as people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Any => "Any time",
            Self::Hour => "Last hour",
            Self::Day => "Last 24 hours",
            Self::Week => "Last 7 days",
            Self::Month => "Last 30 days",
        }
    }

    /// What stands for it in the address.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    const fn hours(self) -> Option<u64> {
        match self {
            Self::Any => None,
            Self::Hour => Some(1),
            Self::Day => Some(24),
            Self::Week => Some(7 * 24),
            Self::Month => Some(30 * 24),
        }
    }
}

/// What stands for an order in the address.
const SORTS: [(JobsSort, &str); 4] = [
    (JobsSort::Created, "created"),
    (JobsSort::Took, "took"),
    (JobsSort::Tool, "tool"),
    (JobsSort::Status, "status"),
];

impl TableKey {
    /// The table that an address names; what it says wrongly counts as unsaid.
    #[must_use]
    pub fn of_address(get: impl Fn(&str) -> Option<String>) -> Self {
        let named = |name: &str| get(name).filter(|text| !text.is_empty());
        let status = named("status");
        let span = named("time");
        let sort = named("sort");
        let mut statuses = StatusFilter::ALL.into_iter();
        let mut spans = TimeSpan::ALL.into_iter();
        Self {
            status: statuses
                .find(|one| status.as_deref() == Some(one.id()))
                .unwrap_or_default(),
            tool: named("tool"),
            caller: named("by").and_then(|text| text.parse().ok()),
            span: spans
                .find(|one| span.as_deref() == Some(one.id()))
                .unwrap_or_default(),
            search: named("q").unwrap_or_default(),
            sort: SORTS
                .iter()
                .find(|(_, id)| sort.as_deref() == Some(*id))
                .map(|(sort, _)| *sort)
                .unwrap_or_default(),
            ascending: named("up").is_some(),
        }
    }

    /// What stands behind the page's path for this table: nothing for the usual one.
    #[must_use]
    pub fn address(&self) -> String {
        let mut text = String::new();
        let mut add = |name: &str, value: &str| {
            let mark = if text.is_empty() { '?' } else { '&' };
            let _ = write!(text, "{mark}{name}={}", escaped(value));
        };
        if self.status != StatusFilter::All {
            add("status", self.status.id());
        }
        if let Some(tool) = &self.tool {
            add("tool", tool);
        }
        if let Some(caller) = &self.caller {
            add("by", &caller.to_string());
        }
        if self.span != TimeSpan::Any {
            add("time", self.span.id());
        }
        if !self.search.is_empty() {
            add("q", &self.search);
        }
        if let Some((_, id)) = SORTS.iter().find(|(sort, _)| *sort == self.sort)
            && self.sort != JobsSort::Created
        {
            add("sort", id);
        }
        if self.ascending {
            add("up", "1");
        }
        text
    }

    /// The same in another order: a column that is in order already is turned round.
    #[must_use]
    pub fn sorted_by(&self, sort: JobsSort) -> Self {
        // Names are looked for from A on, everything else for what is newest or longest.
        let usual = matches!(sort, JobsSort::Tool | JobsSort::Status);
        Self {
            ascending: if self.sort == sort {
                !self.ascending
            } else {
                usual
            },
            sort,
            ..self.clone()
        }
    }

    /// How many filters are set that aren't on screen all the time.
    #[must_use]
    pub fn more_filters(&self) -> usize {
        usize::from(self.tool.is_some())
            + usize::from(self.caller.is_some())
            + usize::from(self.span != TimeSpan::Any)
    }

    /// The same without those filters.
    #[must_use]
    pub fn without_more_filters(&self) -> Self {
        Self {
            tool: None,
            caller: None,
            span: TimeSpan::Any,
            ..self.clone()
        }
    }

    /// Whether a job may come into the table, leave it or move in it without being new or gone.
    pub(super) fn follows_changes(&self) -> bool {
        self.status != StatusFilter::All
            || !self.search.is_empty()
            || matches!(self.sort, JobsSort::Took | JobsSort::Status)
    }

    /// What to ask the backend for: the rows from `offset` on.
    pub(super) fn query(&self, now_ms: u64, offset: u32, limit: u32) -> JobsQuery {
        JobsQuery {
            limit: Some(limit),
            sort: Some(self.sort),
            ascending: Some(self.ascending),
            offset: Some(offset),
            ..self.in_statuses(now_ms, self.status.statuses(|_| true))
        }
    }

    /// Every job of the table in a status of `among`; none if the table shows none of these.
    pub(super) fn of_those(
        &self,
        now_ms: u64,
        among: impl Fn(JobStatus) -> bool,
    ) -> Option<JobsQuery> {
        // No status at all would stand for every status.
        let statuses = self.status.statuses(among);
        (!statuses.is_empty()).then(|| self.in_statuses(now_ms, statuses))
    }

    fn in_statuses(&self, now_ms: u64, statuses: Vec<JobStatus>) -> JobsQuery {
        JobsQuery {
            tool_name: self.tool.clone(),
            statuses: (statuses.len() < JobStatus::ALL.len()).then_some(statuses),
            search: (!self.search.is_empty()).then(|| self.search.clone()),
            caller: self.caller.clone(),
            created_since: self.span.hours().and_then(|hours| {
                let since = now_ms.saturating_sub(hours * 3_600_000);
                moment(since)
            }),
            ..JobsQuery::default()
        }
    }
}

fn moment(ms: u64) -> Option<String> {
    let seconds = i64::try_from(ms / 1_000).ok()?;
    let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    moment.format(&Rfc3339).ok()
}

/// `text` as a value within an address.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn any_key() -> impl Strategy<Value = TableKey> {
        (
            proptest::sample::select(StatusFilter::ALL.to_vec()),
            proptest::option::of("\\PC{1,12}"),
            proptest::option::of(proptest::sample::select(vec![
                "window",
                "http:a",
                "model:c/d",
            ])),
            proptest::sample::select(TimeSpan::ALL.to_vec()),
            "\\PC{0,12}",
            proptest::sample::select(SORTS.to_vec()),
            any::<bool>(),
        )
            .prop_map(
                |(status, tool, caller, span, search, sort, ascending)| TableKey {
                    status,
                    tool,
                    caller: caller.map(|caller| caller.parse().unwrap()),
                    span,
                    search,
                    sort: sort.0,
                    ascending,
                },
            )
    }

    /// What a browser makes of an address.
    fn read(address: &str) -> HashMap<String, String> {
        let pairs = address.trim_start_matches('?').split('&');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| {
                let mut bytes = Vec::new();
                let mut rest = value.bytes();
                while let Some(byte) = rest.next() {
                    if byte == b'%' {
                        let hex = [rest.next().unwrap(), rest.next().unwrap()];
                        let hex = std::str::from_utf8(&hex).unwrap();
                        bytes.push(u8::from_str_radix(hex, 16).unwrap());
                    } else {
                        bytes.push(byte);
                    }
                }
                (name.to_owned(), String::from_utf8(bytes).unwrap())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn an_address_names_the_table_that_it_was_made_of(key in any_key()) {
            let read = read(&key.address());
            prop_assert_eq!(TableKey::of_address(|name| read.get(name).cloned()), key);
        }

        #[test]
        fn a_column_that_is_clicked_twice_is_turned_round(key in any_key(), sort in 0..4usize) {
            let sort = SORTS[sort].0;
            let once = key.sorted_by(sort);
            prop_assert_eq!(once.sort, sort);
            prop_assert_eq!(once.sorted_by(sort).ascending, !once.ascending);
        }
    }

    #[test]
    fn the_usual_table_has_nothing_in_the_address_and_nonsense_counts_as_unsaid() {
        assert_eq!(TableKey::default().address(), "");
        let nonsense = TableKey::of_address(|_| Some("%%".to_owned()));
        assert_eq!(nonsense.status, StatusFilter::All);
        assert_eq!(nonsense.caller, None);
    }

    #[test]
    fn only_what_is_filtered_is_asked_for() {
        let now = 1_763_730_131_000;
        let all = TableKey::default().of_those(now, |_| true);
        assert_eq!(all, Some(JobsQuery::default()));
        let key = TableKey {
            status: StatusFilter::Active,
            span: TimeSpan::Hour,
            ..TableKey::default()
        };
        assert_eq!(key.of_those(now, JobStatus::is_terminal), None);
        let query = key.of_those(now, |_| true).unwrap();
        assert_eq!(
            query.statuses,
            Some(vec![JobStatus::Queued, JobStatus::Running])
        );
        assert_eq!(query.created_since.as_deref(), Some("2025-11-21T12:02:11Z"));
    }
}
