//! Timing whole processes, two against each other in turns.
//!
//! Turns, because a machine's speed drifts: what slows one side slows the other in the same
//! moment, and the ratio of a pair stays true. What is run, and on what, comes from the benches.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process;

/// How many pairs are timed.
pub const ROUNDS: usize = 7;

/// One side's times.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// Wall time of each round.
    pub seconds: Vec<f64>,
    /// The most memory it held, where the system tells.
    pub peak_bytes: Option<u64>,
}

/// Our program and a reference program on the same work.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What was done.
    pub work: String,
    /// How much was read.
    pub bytes: u64,
    /// The highest ratio that is good enough.
    pub goal: Option<f64>,
    /// Our times.
    pub ours: Timing,
    /// The reference program's name.
    pub reference: String,
    /// Its times.
    pub theirs: Timing,
}

impl Timing {
    /// The middle time.
    #[must_use]
    pub fn median(&self) -> f64 {
        median(&self.seconds)
    }

    /// Speed at the middle time; a gigabyte is 10^9 bytes.
    #[must_use]
    pub fn gigabytes_per_second(&self, bytes: u64) -> f64 {
        bytes as f64 / 1e9 / self.median()
    }

    /// The numbers for a program to read.
    #[must_use]
    pub fn to_json(&self, bytes: u64) -> Value {
        json!({
            "seconds": self.seconds,
            "median_seconds": self.median(),
            "gigabytes_per_second": self.gigabytes_per_second(bytes),
            "peak_bytes": self.peak_bytes,
        })
    }
}

impl Comparison {
    /// Our time as a part of the reference's: the middle of the pairs' ratios. Below 1 we are
    /// faster.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        let pairs = self.ours.seconds.iter().zip(&self.theirs.seconds);
        median(
            &pairs
                .map(|(ours, theirs)| ours / theirs)
                .collect::<Vec<_>>(),
        )
    }
}

/// Times two programs in turns, after one round that warms the cache and measures memory. `before`
/// makes room before each run and is not timed.
pub fn compare(
    ours: &mut Command,
    theirs: &mut Command,
    before: &dyn Fn() -> Result<()>,
) -> Result<(Timing, Timing)> {
    let watched = |command| {
        before()?;
        Ok::<_, anyhow::Error>(Timing {
            seconds: Vec::new(),
            peak_bytes: peak(command)?,
        })
    };
    let (mut first, mut second) = (watched(ours)?, watched(theirs)?);
    for _ in 0..ROUNDS {
        for (timing, command) in [(&mut first, &mut *ours), (&mut second, &mut *theirs)] {
            before()?;
            timing.seconds.push(time(command)?);
        }
    }
    Ok((first, second))
}

fn time(command: &mut Command) -> Result<f64> {
    quiet(command);
    let begin = Instant::now();
    let status = process::status(command)?;
    let took = begin.elapsed().as_secs_f64();
    if !status.success() {
        bail!(
            "`{}` failed ({status}), so nothing was measured",
            shortened(command)
        );
    }
    Ok(took)
}

/// Runs a program once and watches its memory, and that of the programs that it starts: a pipe's is
/// the sum. In a run of its own, so that watching costs no time that is measured. The system keeps the
/// highest mark of each itself; the last look before the end is what counts.
fn peak(command: &mut Command) -> Result<Option<u64>> {
    /// Finding out who has started whom takes longer than a look.
    const LOOKS_BETWEEN: usize = 20;
    quiet(command);
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{}`", shortened(command)))?;
    let mut family = vec![child.id()];
    let mut peak = None;
    for look in 0.. {
        if look % LOOKS_BETWEEN == 1 {
            family = family_of(child.id());
        }
        let marks = family.iter().filter_map(|process| mark_of(*process));
        peak = peak.max(marks.reduce(|sum, mark| sum + mark));
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!(
                    "`{}` failed ({status}), so nothing was measured",
                    shortened(command)
                );
            }
            break;
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(peak)
}

fn mark_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    high_mark(&status)
}

/// A process and all that it has started, directly or not, and that still run.
fn family_of(process: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let parents: Vec<(u32, u32)> = processes
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            Some((process, parent(&stat)?))
        })
        .collect();
    let mut family = vec![process];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        let children = parents.iter().filter(|(_, its)| *its == parent);
        family.extend(children.map(|(child, _)| *child));
        next += 1;
    }
    family
}

/// Whom a process was started by. Its name stands before that, and may hold anything.
fn parent(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}

fn quiet(command: &mut Command) {
    // Their errors stay visible; what they print is the same work on both sides.
    command.stdin(Stdio::null()).stdout(Stdio::null());
}

fn high_mark(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// A command may name thousands of files.
fn shortened(command: &Command) -> String {
    process::line(command).chars().take(200).collect()
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => (sorted[count / 2 - 1] + sorted[count / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_a_single_slow_round() {
        assert_eq!(median(&[1.0, 9.0, 1.2]), 1.2);
        assert_eq!(median(&[1.0, 2.0]), 1.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn the_ratio_compares_the_rounds_of_a_pair() {
        let timing = |seconds: &[f64]| Timing {
            seconds: seconds.to_vec(),
            peak_bytes: None,
        };
        let comparison = Comparison {
            work: String::new(),
            bytes: 1,
            goal: None,
            // The machine was three times slower in the last round, for both.
            ours: timing(&[1.0, 1.0, 3.0]),
            reference: String::new(),
            theirs: timing(&[2.0, 2.0, 6.0]),
        };
        assert_eq!(comparison.ratio(), 0.5);
    }

    #[test]
    fn the_highest_mark_is_read_from_the_systems_own_account() {
        assert_eq!(
            high_mark("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS: 1 kB\n"),
            Some(2 << 20)
        );
        assert_eq!(high_mark("Name:\tx\n"), None);
    }

    #[test]
    fn a_parent_is_found_behind_any_name() {
        assert_eq!(parent("17 (a) b (c) S 4 17 1"), Some(4));
        assert_eq!(parent("17"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_was_started_belongs_to_the_family() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let family = family_of(std::process::id());
        assert!(family.contains(&child.id()) && family[0] == std::process::id());
        // Its input ends, and so does it.
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_failing_program_is_not_measured() {
        assert!(time(&mut Command::new("false")).is_err());
        assert!(peak(&mut Command::new("false")).is_err());
        assert!(time(&mut Command::new("true")).unwrap() > 0.0);
    }
}
