//! Which entries are asked for.

use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};
use toolroom_shared::{AppError, AuditDecision, AuditOperation, AuditQuery, ErrorCode};
use uuid::Uuid;

use super::record::Entry;
use crate::clock::Timestamp;

const LIMIT: u32 = 100;
const MOST: u32 = 500;

/// A query that was understood.
#[derive(Debug)]
pub struct Wanted {
    caller: Option<(String, Option<String>)>,
    tool: Option<String>,
    operation: Option<AuditOperation>,
    decision: Option<AuditDecision>,
    job: Option<Uuid>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    /// How many at the most.
    pub limit: usize,
    /// Only entries before this one.
    pub before: u64,
}

impl Wanted {
    /// Understands a query.
    ///
    /// # Errors
    /// `invalid_query`.
    pub fn parse(query: &AuditQuery) -> Result<Self, AppError> {
        let limit = query.limit.unwrap_or(LIMIT);
        if !(1..=MOST).contains(&limit) {
            return Err(invalid(format!("A page has 1 to {MOST} entries.")));
        }
        let before = match &query.cursor {
            None => u64::MAX,
            Some(cursor) => cursor
                .parse()
                .map_err(|_| invalid("This cursor is none. Leave it out to begin anew."))?,
        };
        let caller = query.caller.as_ref().map(|caller| {
            let (kind, name) = match caller.split_once(':') {
                Some((kind, name)) => (kind, Some(name.to_owned())),
                None => (caller.as_str(), None),
            };
            (kind.to_owned(), name)
        });
        Ok(Self {
            caller,
            tool: query.tool_name.clone(),
            operation: query.operation,
            decision: query.decision,
            job: match &query.job_id {
                None => None,
                Some(id) => Some(
                    Uuid::try_parse(id.as_str())
                        .map_err(|_| invalid(format!("{id} is no job's id.")))?,
                ),
            },
            since: moment(query.since.as_deref())?,
            until: moment(query.until.as_deref())?,
            limit: limit as usize,
            before,
        })
    }

    /// Whether the entry is asked for.
    pub fn matches(&self, entry: &Entry<'_>) -> bool {
        let named = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|w| w == is);
        self.caller
            .as_ref()
            .is_none_or(|(kind, name)| kind == entry.who.kind && named(name, entry.who.name))
            && named(&self.tool, entry.tool)
            && self
                .operation
                .is_none_or(|wanted| wanted == entry.operation)
            && self.decision.is_none_or(|wanted| wanted == entry.decision)
            && (self.job.is_none() || self.job == entry.job)
            && self.since.is_none_or(|since| entry.at >= since)
            && self.until.is_none_or(|until| entry.at < until)
    }
}

fn moment(text: Option<&str>) -> Result<Option<Timestamp>, AppError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let date = || {
        let mut parts = text.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month: u8 = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        let date = Date::from_calendar_date(year, month.try_into().ok()?, day).ok()?;
        Some(date.midnight().assume_utc())
    };
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok().or_else(date);
    let moment = moment.ok_or_else(|| {
        invalid(format!(
            "{text} is no moment. Write a date such as 2026-03-31, or 2026-03-31T08:00:00Z."
        ))
    })?;
    Ok(Some(Timestamp::from(moment)))
}

fn invalid(message: impl Into<String>) -> AppError {
    AppError::new(ErrorCode::InvalidQuery, message)
}

#[cfg(test)]
mod tests {
    use super::{super::samples::plain, *};

    fn matches(query: AuditQuery) -> bool {
        let at = Timestamp::from(OffsetDateTime::parse("2026-03-31T12:00:00Z", &Rfc3339).unwrap());
        let who = super::super::record::Who {
            kind: "http",
            name: "ci",
        };
        let entry = Entry {
            at,
            who,
            ..plain(3)
        };
        Wanted::parse(&query).unwrap().matches(&entry)
    }

    #[test]
    fn each_filter_lets_through_what_it_names_and_nothing_else() {
        let none = AuditQuery::default;
        let text = |text: &str| Some(text.to_owned());
        assert!(matches(none()));
        let caller = |caller| AuditQuery {
            caller: text(caller),
            ..none()
        };
        assert!(matches(caller("http")) && matches(caller("http:ci")));
        assert!(
            !matches(caller("htt")) && !matches(caller("http:c")) && !matches(caller("mcp:ci"))
        );
        let since = |since| AuditQuery {
            since: text(since),
            ..none()
        };
        assert!(matches(since("2026-03-31")) && matches(since("2026-03-31T14:00:00+02:00")));
        assert!(!matches(since("2026-04-01")) && !matches(since("2026-03-31T12:00:01Z")));
        let until = |until| AuditQuery {
            until: text(until),
            ..none()
        };
        assert!(matches(until("2026-04-01")) && !matches(until("2026-03-31T12:00:00Z")));
        let tool = |tool| AuditQuery {
            tool_name: text(tool),
            ..none()
        };
        assert!(matches(tool("a-tool")) && !matches(tool("a")));
        let job = |number: u128| AuditQuery {
            job_id: Some(toolroom_shared::JobId(Uuid::from_u128(number).to_string())),
            ..none()
        };
        assert!(matches(job(3)) && !matches(job(4)));
        for operation in AuditOperation::ALL {
            let operation = Some(operation);
            let is = operation == Some(AuditOperation::Start);
            assert_eq!(
                matches(AuditQuery {
                    operation,
                    ..none()
                }),
                is
            );
        }
        for decision in AuditDecision::ALL {
            let is = decision == AuditDecision::Allowed;
            let decision = Some(decision);
            assert_eq!(matches(AuditQuery { decision, ..none() }), is);
        }
    }

    #[test]
    fn what_can_not_be_understood_is_refused_with_what_to_write() {
        let refused = |query: AuditQuery| Wanted::parse(&query).unwrap_err();
        for (since, limit, cursor) in [
            (Some("yesterday"), None, None),
            (None, Some(0), None),
            (None, Some(501), None),
            (None, None, Some("x")),
        ] {
            let query = AuditQuery {
                since: since.map(str::to_owned),
                limit,
                cursor: cursor.map(str::to_owned),
                ..AuditQuery::default()
            };
            assert_eq!(refused(query).code, ErrorCode::InvalidQuery);
        }
    }
}
