//! Putting a part of a list together from walks along indexes, each of which holds all that the walk
//! needs: one for each status and tool.

use std::{collections::HashSet, sync::Arc};

use rusqlite::{CachedStatement, OptionalExtension, Rows, named_params, params};
use toolroom_shared::{JobStatus, JobsSort};

use super::{OrderKey, Reader, TOOK};
use crate::store::{codes::status_code, error::StoreError};

/// Ended jobs in one status, of one tool if one is named.
struct Range {
    tool: Option<Arc<str>>,
    status: JobStatus,
    count: usize,
}

/// Jobs among which the order is that of their numbers, or of how long they took.
#[derive(Default)]
struct Group {
    ranges: Vec<Range>,
    /// Those that stand in no range, in the list's order.
    live: Vec<(i64, i64)>,
}

impl Group {
    fn len(&self) -> usize {
        self.live.len() + self.ranges.iter().map(|range| range.count).sum::<usize>()
    }
}

impl Reader<'_> {
    /// The part's numbers and how many there are in all, from indexes alone.
    pub(super) fn walked(&self) -> Result<(Vec<i64>, usize), StoreError> {
        let groups = self.groups()?;
        let total = groups.iter().map(Group::len).sum();
        let (mut offset, limit) = (self.order.offset as usize, self.filter.limit as usize);
        let mut found = Vec::with_capacity(limit);
        for group in &groups {
            let length = group.len();
            if offset >= length {
                offset -= length;
                continue;
            }
            let take = (limit - found.len()).min(length - offset);
            found.extend(self.part(group, offset, take)?);
            offset = 0;
            if found.len() == limit {
                break;
            }
        }
        Ok((found, total))
    }

    fn groups(&self) -> Result<Vec<Group>, StoreError> {
        let of_tool = self.filter.tool.as_deref().map(Arc::from);
        let sort = self.order.sort;
        let mut groups = match sort {
            JobsSort::Created => vec![self.group([of_tool].as_slice(), |_| true)?],
            JobsSort::Took => {
                let tools: Vec<_> = self.tools()?.into_iter().map(Some).collect();
                vec![self.group(&tools, |_| true)?]
            }
            JobsSort::Status => {
                let tool = [of_tool];
                let mut all = Vec::new();
                for status in JobStatus::ALL {
                    all.push(self.group_of(&tool, &[status], |key| key.status == status)?);
                }
                all
            }
            JobsSort::Tool => {
                let mut tools = self.tools()?;
                tools.extend(self.live.iter().map(|key| Arc::clone(&key.tool)));
                tools.sort_unstable();
                tools.dedup();
                let mut all = Vec::new();
                for tool in tools {
                    let named = [Some(Arc::clone(&tool))];
                    all.push(self.group(&named, |key| key.tool == tool)?);
                }
                all
            }
        };
        if !self.order.ascending {
            groups.reverse();
        }
        Ok(groups)
    }

    fn group(
        &self,
        tools: &[Option<Arc<str>>],
        has: impl Fn(&OrderKey) -> bool,
    ) -> Result<Group, StoreError> {
        self.group_of(tools, &JobStatus::ALL, has)
    }

    fn group_of(
        &self,
        tools: &[Option<Arc<str>>],
        statuses: &[JobStatus],
        has: impl Fn(&OrderKey) -> bool,
    ) -> Result<Group, StoreError> {
        let mut group = Group::default();
        for tool in tools {
            for status in self.ended.iter().filter(|status| statuses.contains(status)) {
                let count = self.count(tool.as_deref(), *status)?;
                if count > 0 {
                    let (tool, status) = (tool.clone(), *status);
                    group.ranges.push(Range {
                        tool,
                        status,
                        count,
                    });
                }
            }
        }
        let live = self.live.iter().filter(|key| has(key));
        group.live = live.map(|key| key.walked(self.order.sort)).collect();
        Ok(group)
    }

    /// Every tool that an ended job is of, from one to the next.
    pub(super) fn tools(&self) -> Result<Vec<Arc<str>>, StoreError> {
        if let Some(tool) = &self.filter.tool {
            return Ok(vec![Arc::from(tool.as_str())]);
        }
        let mut next = self.connection.prepare_cached(NEXT_TOOL)?;
        let mut tools: Vec<Arc<str>> = Vec::new();
        loop {
            let last = tools.last().map_or("", |tool| tool);
            let found = next.query_row([last], |row| row.get::<_, Arc<str>>(0));
            match found.optional()? {
                Some(tool) => tools.push(tool),
                None => return Ok(tools),
            }
        }
    }

    fn count(&self, tool: Option<&str>, status: JobStatus) -> Result<usize, StoreError> {
        let (low, high) = self.span;
        let status = status_code(status);
        let count: u32 = match tool {
            Some(tool) => self
                .connection
                .prepare_cached(COUNT_OF_TOOL)?
                .query_row(params![status, low, high, tool], |row| row.get(0))?,
            None => self
                .connection
                .prepare_cached(COUNT)?
                .query_row(params![status, low, high], |row| row.get(0))?,
        };
        Ok(count as usize)
    }

    /// `take` numbers of a group after the first `offset`.
    fn part(&self, group: &Group, offset: usize, take: usize) -> Result<Vec<i64>, StoreError> {
        let sort = self.order.sort;
        // Tools and statuses stand one after the other; within one the newest is first.
        let is_one_group = matches!(sort, JobsSort::Created | JobsSort::Took);
        let ascending = self.order.ascending && is_one_group;
        let behind = group.len() - offset - take;
        let is_turned = behind < offset;
        let (mut skip, ascending) = match is_turned {
            true => (behind, !ascending),
            false => (offset, ascending),
        };
        let mut live: Vec<(i64, i64)> = group.live.clone();
        if is_turned {
            live.reverse();
        }
        // The database itself passes over what stands in one walk.
        let is_alone = live.is_empty() && group.ranges.len() == 1;
        let passed_over = if is_alone {
            std::mem::take(&mut skip)
        } else {
            0
        };
        let mut statements = group
            .ranges
            .iter()
            .map(|range| {
                let sql = walk_sql(sort, range.tool.is_some(), ascending);
                Ok(self.connection.prepare_cached(&sql)?)
            })
            .collect::<Result<Vec<CachedStatement<'_>>, StoreError>>()?;
        let mut walks = Vec::with_capacity(statements.len());
        for (statement, range) in statements.iter_mut().zip(&group.ranges) {
            let (low, high) = self.span;
            let status = status_code(range.status);
            let rows = match &range.tool {
                Some(tool) => statement.query(named_params! {
                    ":status": status, ":low": low, ":high": high,
                    ":passed": passed_over as i64, ":tool": &**tool,
                })?,
                None => statement.query(named_params! {
                    ":status": status, ":low": low, ":high": high, ":passed": passed_over as i64,
                })?,
            };
            walks.push(Walk::begin(rows, &self.live_seqs)?);
        }
        let mut live = live.into_iter().peekable();
        let mut found = Vec::with_capacity(take);
        while found.len() < take {
            let is_before = |one: (i64, i64), two: (i64, i64)| {
                if ascending { one < two } else { one > two }
            };
            let mut first: Option<(usize, (i64, i64))> = None;
            for (place, walk) in walks.iter().enumerate() {
                if let Some(head) = walk.head
                    && first.is_none_or(|(_, best)| is_before(head, best))
                {
                    first = Some((place, head));
                }
            }
            let head = match (first, live.peek().copied()) {
                (Some((_, head)), Some(own)) if is_before(own, head) => live.next().unwrap_or(head),
                (Some((place, head)), _) => {
                    if let Some(walk) = walks.get_mut(place) {
                        walk.step(&self.live_seqs)?;
                    }
                    head
                }
                (None, Some(own)) => live.next().unwrap_or(own),
                (None, None) => break,
            };
            if skip > 0 {
                skip -= 1;
            } else {
                found.push(head.1);
            }
        }
        if is_turned {
            found.reverse();
        }
        Ok(found)
    }
}

/// One walk along an index, and where it stands.
struct Walk<'s> {
    rows: Rows<'s>,
    head: Option<(i64, i64)>,
}

impl<'s> Walk<'s> {
    fn begin(rows: Rows<'s>, but: &HashSet<i64>) -> Result<Self, StoreError> {
        let mut walk = Self { rows, head: None };
        walk.step(but)?;
        Ok(walk)
    }

    /// Goes on to the next job that isn't in memory, where one that ends just now may be, too.
    fn step(&mut self, but: &HashSet<i64>) -> Result<(), StoreError> {
        loop {
            self.head = match self.rows.next()? {
                Some(row) => Some((row.get(0)?, row.get(1)?)),
                None => None,
            };
            if self.head.is_none_or(|(_, seq)| !but.contains(&seq)) {
                return Ok(());
            }
        }
    }
}

const NEXT_TOOL: &str = "SELECT tool FROM jobs INDEXED BY jobs_finished_by_tool
    WHERE ended = 1 AND tool > ?1 ORDER BY tool LIMIT 1";
const COUNT: &str = "SELECT count(*) FROM jobs INDEXED BY jobs_finished
    WHERE ended = 1 AND status = ?1 AND seq >= ?2 AND seq < ?3";
const COUNT_OF_TOOL: &str = "SELECT count(*) FROM jobs INDEXED BY jobs_finished_by_tool
    WHERE ended = 1 AND tool = ?4 AND status = ?1 AND seq >= ?2 AND seq < ?3";

/// Walks along one status, and one tool if `of_tool`; what took how long is known by tool alone.
fn walk_sql(sort: JobsSort, of_tool: bool, ascending: bool) -> String {
    let way = if ascending { "ASC" } else { "DESC" };
    let tool = if of_tool { "tool = :tool AND" } else { "" };
    let (primary, index, order) = match (sort, of_tool) {
        (JobsSort::Took, _) => (TOOK, "jobs_by_took", format!("{TOOK} {way}, seq {way}")),
        (_, true) => ("0", "jobs_finished_by_tool", format!("seq {way}")),
        (_, false) => ("0", "jobs_finished", format!("seq {way}")),
    };
    format!(
        "SELECT {primary}, seq FROM jobs INDEXED BY {index}
         WHERE ended = 1 AND {tool} status = :status AND seq >= :low AND seq < :high
         ORDER BY {order} LIMIT -1 OFFSET :passed"
    )
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::store::{ordered::of_caller_sql, schema};

    /// How SQLite goes about a statement.
    fn plan(connection: &Connection, sql: &str) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let mut explain = connection.prepare(&sql).unwrap();
        let mut rows = explain.raw_query();
        rows.next().unwrap().unwrap().get(3).unwrap()
    }

    /// The steps that SQLite takes for a statement: the operation, and the first two of its numbers.
    fn steps(connection: &Connection, sql: &str) -> Vec<(String, i64, i64)> {
        let mut explain = connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let mut rows = explain.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            steps.push((
                row.get(1).unwrap(),
                row.get(2).unwrap(),
                row.get(3).unwrap(),
            ));
        }
        steps
    }

    #[test]
    fn every_walk_goes_along_an_index_that_holds_all_it_needs_and_sorts_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        let table: i64 = connection
            .query_row(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'jobs'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        let mut statements = vec![NEXT_TOOL.to_owned(), COUNT.to_owned()];
        statements.extend([COUNT_OF_TOOL.to_owned(), of_caller_sql()]);
        for ascending in [false, true] {
            statements.push(walk_sql(JobsSort::Took, true, ascending));
            for of_tool in [false, true] {
                statements.push(walk_sql(JobsSort::Created, of_tool, ascending));
            }
        }
        for sql in statements {
            let plan = plan(&connection, &sql);
            assert!(plan.starts_with("SEARCH jobs USING"), "{sql}\n{plan}");
            let steps = steps(&connection, &sql);
            let sorts =
                |(name, ..): &(String, i64, i64)| name == "OpenEphemeral" || name == "SorterOpen";
            assert!(!steps.iter().any(sorts), "{sql}\n{steps:?}");
            // It may be opened; what stands in an index isn't looked up in it.
            let opened = steps
                .iter()
                .find(|(name, _, root)| name == "OpenRead" && *root == table);
            if let Some((_, cursor, _)) = opened {
                let reads = |(name, of, _): &(String, i64, i64)| name == "Column" && of == cursor;
                assert!(!steps.iter().any(reads), "{sql}\n{steps:?}");
            }
        }
    }
}
