//! How long a search takes in a history of many jobs, through the engine's list of jobs.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use toolroom_engine::JobApi;
use toolroom_shared::{Caller, JobStatus, JobsQuery};

use super::{Engine, Keeping, Setup, history, tools};
use crate::contender::Contender;
use crate::latency::Percentiles;
use crate::load::{Load, Outcome};

/// Searches of all kinds, in turns.
#[derive(Debug)]
pub struct Search;

/// A kind of search, and what is found by it.
struct Kind {
    name: &'static str,
    /// The search of this number.
    typed: fn(usize) -> String,
    filtered: bool,
    finds: bool,
}

/// `report` is in every job; each of the hundred letters' names, made of two syllables, in one of
/// a hundred; a number of five digits in one alone.
const KINDS: [Kind; 8] = [
    kind("a word of every job", |_| "report".to_owned(), true),
    Kind {
        filtered: true,
        ..kind(
            "a word of every job, tool and status",
            |_| "report".to_owned(),
            true,
        )
    },
    kind("a word of one job", number, true),
    kind("one letter", |n| syllables(n)[..1].to_owned(), true),
    kind("two letters", |n| syllables(n)[..2].to_owned(), true),
    kind("three letters", |n| syllables(n)[..3].to_owned(), true),
    kind("two words", |n| format!("report {}", syllables(n)), true),
    kind("a word of no job", |n| format!("xylophone{n}"), false),
];

const fn kind(name: &'static str, typed: fn(usize) -> String, finds: bool) -> Kind {
    Kind {
        name,
        typed,
        filtered: false,
        finds,
    }
}

impl Contender for Search {
    fn who(&self) -> String {
        Keeping::Normal.who()
    }

    fn run(&self, load: Load, folder: &Path) -> Result<Outcome> {
        let runtime = Runtime::new().context("tokio's runtime doesn't start")?;
        runtime.block_on(async {
            let setup = Setup::new(Keeping::Normal, 1, load.before);
            let engine = setup.open(tools::registry(&tools::Hand::default())?, folder)?;
            let filling = Load::new(load.before, history::FILLING);
            history::start_all(&engine, tools::NO_OP, filling, varied).await?;
            engine.idle().await?;
            history::indexed(folder).await?;
            let outcome = searches(&engine, load).await;
            engine.close().await?;
            outcome
        })
    }
}

async fn searches(engine: &Engine, load: Load) -> Result<Outcome> {
    let mut by_kind: [Vec<Duration>; KINDS.len()] = Default::default();
    let begin = Instant::now();
    for search in 0..load.jobs {
        let place = search % KINDS.len();
        let kind = &KINDS[place];
        // Spread over all jobs, and the same in every run.
        let query = query(kind, search * 7_919 % load.before);
        let asked = Instant::now();
        let page = engine.api.list(Caller::App, query).await?;
        by_kind[place].push(asked.elapsed());
        ensure!(
            (page.total > 0) == kind.finds,
            "{}: {} jobs found",
            kind.name,
            page.total
        );
    }
    let elapsed = begin.elapsed();
    let mix = Percentiles::of(by_kind.iter().flatten().copied().collect());
    let slowest = KINDS
        .iter()
        .zip(by_kind)
        .filter_map(|(kind, times)| Some((kind.name, Percentiles::of(times)?)))
        .max_by_key(|(_, times)| times.p99);
    let mut waits = Vec::new();
    waits.extend(mix.map(|times| ("all kinds".to_owned(), times)));
    waits.extend(slowest.map(|(_, times)| ("the slowest kind".to_owned(), times)));
    let mut notes = Vec::new();
    notes.extend(slowest.map(|(name, _)| format!("the slowest kind: {name}")));
    notes.push("pages of 100".to_owned());
    Ok(Outcome {
        elapsed,
        waits,
        notes,
        ..Outcome::default()
    })
}

fn query(kind: &Kind, number: usize) -> JobsQuery {
    JobsQuery {
        search: Some((kind.typed)(number)),
        tool_name: kind.filtered.then(|| tools::NO_OP.to_owned()),
        statuses: kind.filtered.then(|| vec![JobStatus::Succeeded]),
        ..JobsQuery::default()
    }
}

/// The input of a job with a common, a medium and a rare word.
fn varied(job: usize) -> Value {
    let (medium, rare) = (syllables(job), number(job));
    json!({ "files": [format!("documents/{medium}/report-{rare}.txt")], "algorithm": "none" })
}

/// A number that no other job has.
fn number(job: usize) -> String {
    format!("n{job:05}")
}

/// One of a hundred words.
fn syllables(job: usize) -> String {
    const FIRST: [&str; 10] = [
        "bal", "cor", "dem", "fil", "gan", "hol", "jun", "kes", "lim", "mor",
    ];
    const SECOND: [&str; 10] = [
        "ade", "ben", "cor", "dus", "elo", "fin", "gar", "hem", "ist", "ona",
    ];
    format!("{}{}", FIRST[job % 10], SECOND[job / 10 % 10])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_hundred_words_are_medium_and_every_number_is_rare() {
        let medium: HashSet<String> = (0..1_000).map(syllables).collect();
        assert_eq!(medium.len(), 100);
        let rare: HashSet<String> = (0..1_000).map(number).collect();
        assert_eq!(rare.len(), 1_000);
    }

    #[test]
    fn every_search_that_finds_is_of_a_word_that_some_job_has() {
        let jobs: Vec<String> = (0..1_000).map(|job| varied(job).to_string()).collect();
        for kind in &KINDS {
            for number in [0, 17, 999] {
                let search = query(kind, number).search.unwrap_or_default();
                let has = |job: &&String| search.split(' ').all(|word| job.contains(word));
                assert_eq!(jobs.iter().any(|job| has(&job)), kind.finds, "{search}");
            }
        }
    }
}
