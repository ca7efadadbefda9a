//! Whatever is done to a file is found, and at the right line.

use super::{
    super::{chain::PageWriter, samples::*},
    *,
};
use proptest::prelude::*;

/// A file of these entries after `after` others.
fn written(after: usize, samples: &[Sample]) -> Vec<u8> {
    let mut pages = PageWriter::default();
    pages.begin(Head::START);
    (0..after).for_each(|_| pages.push(&plain(0)));
    let before = pages.head();
    pages.begin(before);
    samples
        .iter()
        .for_each(|sample| pages.push(&sample.entry(0)));
    let end = pages.head();
    let header = Header { after: before, end };
    let mut file = FileWriter::begin(Vec::new(), &header).unwrap();
    let page = pages.page().unwrap();
    assert_eq!(file.page(&page).unwrap(), samples.len() as u64);
    file.into_inner()
}

fn check(file: &[u8]) -> Result<u64, u64> {
    let mut count = 0;
    match FileReader::new(file).check(&mut None, |_| count += 1) {
        Ok(()) => Ok(count),
        Err(FileTrouble::Fault(fault)) => Err(fault.number),
        Err(FileTrouble::Io(error)) => panic!("{error}"),
    }
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    prop::collection::vec(any_sample(), 1..6)
}

proptest! {
    #[test]
    fn a_file_is_whole_as_it_was_written(after in 0usize..4, samples in samples()) {
        let file = written(after, &samples);
        prop_assert_eq!(check(&file), Ok(samples.len() as u64));
    }

    #[test]
    fn a_changed_byte_is_found_and_after_the_header_at_its_line(
        after in 0usize..4,
        samples in samples(),
        place: prop::sample::Index,
        flip in 1u8..,
    ) {
        let mut file = written(after, &samples);
        let place = place.index(file.len());
        let line = file[..place].iter().filter(|byte| **byte == b'\n').count();
        file[place] ^= flip;
        let found = check(&file).unwrap_err();
        if line > 0 {
            prop_assert_eq!(found, (after + line) as u64);
        }
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_found(samples in samples(), cut: prop::sample::Index) {
        let file = written(2, &samples);
        let cut = cut.index(file.len());
        prop_assert!(check(&file[..cut]).is_err());
    }

    #[test]
    fn lines_that_are_removed_doubled_or_swapped_are_found(
        samples in prop::collection::vec(any_sample(), 2..6),
        one: prop::sample::Index,
        two: prop::sample::Index,
        what in 0..3,
    ) {
        let file = written(3, &samples);
        let mut lines: Vec<_> = file.split_inclusive(|byte| *byte == b'\n').collect();
        let (one, two) = (1 + one.index(samples.len()), 1 + two.index(samples.len()));
        let first = match what {
            0 => {
                lines.remove(one);
                one
            }
            1 => {
                lines.insert(one, lines[one]);
                one + 1
            }
            _ => {
                prop_assume!(one != two);
                lines.swap(one, two);
                one.min(two)
            }
        };
        prop_assert_eq!(check(&lines.concat()), Err(3 + first as u64));
    }
}

#[test]
fn a_file_that_does_not_follow_on_what_was_checked_before_is_found() {
    let samples = [any_fixed()];
    let file = written(3, &samples);
    let mut head = Some(Head::START);
    let trouble = FileReader::new(&file[..]).check(&mut head, |_| ());
    let Err(FileTrouble::Fault(fault)) = trouble else {
        panic!("{trouble:?}");
    };
    assert_eq!(fault.number, 1);
}

fn any_fixed() -> Sample {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    any_sample().new_tree(&mut runner).unwrap().current()
}
