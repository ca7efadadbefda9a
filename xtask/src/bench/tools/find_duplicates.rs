//! find-duplicates against `jdupes` and `fclones`, on what people have: many short files and some long
//! ones, a third of them copies, and many that only seem to be.

use std::process::Stdio;

use anyhow::Result;

use super::arena::{Arena, Match, nothing};
use crate::bench::data::{Content, Data, Xorshift};
use crate::bench::measure::Comparison;
use crate::needs::tools;
use crate::report;

const COUNT: u64 = 10_000;
/// Lengths below this are as likely in each power of two.
const SHORT: f64 = (256 << 10) as f64;
const SHORTEST: f64 = 24.0;
/// One file in so many is a long one.
const LONG_EVERY: u64 = 500;
const LONG: u64 = 8 << 20;

/// Ahead of both is the goal.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let count = if arena.quick { 200 } else { COUNT };
    let data = report::timed("making 10,000 files, half a gigabyte in all", || {
        Data::of(contents(count))
    })?;
    let mut jdupes = arena.program("jdupes")?;
    jdupes.args(["--recurse", "--quiet"]);
    let mut fclones = arena.built(&tools::FCLONES);
    // It tells of its every step there, whatever it is asked.
    fclones.arg("group").stderr(Stdio::null());
    let peers = [("jdupes", jdupes), ("fclones", fclones)];
    peers
        .into_iter()
        .map(|(reference, mut theirs)| {
            theirs.arg(data.folder());
            let mut ours = arena.tool("find-duplicates");
            ours.arg("--paths").arg(data.folder());
            arena.compare(Match {
                work: "find duplicates",
                bytes: data.bytes,
                goal: Some(1.0),
                ours,
                reference,
                theirs,
                before: &nothing,
            })
        })
        .collect()
}

/// The same files every time: of each thirty, ten are copies of an earlier one, three have only its
/// length, and one has its content but for a byte in the middle.
fn contents(count: u64) -> Vec<Content> {
    let mut numbers = Xorshift::new(1);
    let mut contents: Vec<Content> = Vec::new();
    for number in 0..count {
        let own = Content::new(length(number, &mut numbers), number + 1);
        let any = numbers.next() % number.max(1);
        let content = match contents.get(any as usize) {
            Some(earlier) if number % 3 == 2 => *earlier,
            Some(earlier) if number % 10 == 4 => Content {
                bytes: earlier.bytes,
                ..own
            },
            Some(earlier) if number % 30 == 7 => Content {
                odd_byte: Some(earlier.bytes / 2),
                ..*earlier
            },
            _ => own,
        };
        contents.push(content);
    }
    contents
}

fn length(number: u64, numbers: &mut Xorshift) -> u64 {
    // The upper bits: the lower ones are less random.
    let part = (numbers.next() >> 11) as f64 / (1u64 << 53) as f64;
    if number.is_multiple_of(LONG_EVERY) {
        LONG + number
    } else {
        (SHORTEST * (SHORT / SHORTEST).powf(part)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn it_is_half_a_gigabyte_with_a_third_copies_and_others_that_only_seem_to_be() {
        let contents = contents(COUNT);
        assert_eq!(contents, super::contents(COUNT), "the same every time");
        let bytes: u64 = contents.iter().map(|content| content.bytes).sum();
        assert!(
            (450 << 20..580 << 20).contains(&bytes),
            "{} MiB",
            bytes >> 20
        );
        let distinct: HashSet<_> = contents.iter().collect();
        let copies = contents.len() - distinct.len();
        assert!((3_300..3_500).contains(&copies), "{copies} copies");
        let mut of_length: HashMap<u64, HashSet<u64>> = HashMap::new();
        for content in &distinct {
            let seeds = of_length.entry(content.bytes).or_default();
            seeds.insert(content.seed);
        }
        let alike = of_length.values().filter(|seeds| seeds.len() > 1).count();
        assert!(alike > 500, "{alike} lengths of several contents");
        let odd = distinct.iter().filter(|one| one.odd_byte.is_some()).count();
        assert!(odd > 200, "{odd} with another byte in the middle");
    }
}
