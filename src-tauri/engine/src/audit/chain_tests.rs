//! Whatever is done to a chain of pages, it is found, and at the right entry.

use proptest::prelude::*;

use super::{super::samples::*, *};

/// A page as it is kept.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    first: u64,
    last: u64,
    bytes: Vec<u8>,
}

/// A whole trail, in pages of these sizes.
fn pages(samples: &[Sample], sizes: &[usize]) -> (Vec<Kept>, Head) {
    let (mut writer, mut pages) = (PageWriter::default(), Vec::new());
    let mut sizes = sizes.iter().cycle();
    let mut rest = samples;
    let mut head = Head::START;
    while !rest.is_empty() {
        let (now, later) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
        writer.begin(head);
        assert!(writer.page().is_none());
        now.iter().for_each(|sample| writer.push(&sample.entry(0)));
        let page = writer.page().unwrap();
        pages.push(Kept {
            first: page.first,
            last: page.last,
            bytes: page.bytes.to_vec(),
        });
        (head, rest) = (writer.head(), later);
    }
    (pages, head)
}

fn check(pages: &[Kept], end: Head) -> Result<u64, Fault> {
    let (mut head, mut count) = (Head::START, 0);
    for Kept { first, last, bytes } in pages {
        let page = Page {
            first: *first,
            last: *last,
            bytes,
        };
        page.check(&mut head, |_, _| count += 1)?;
    }
    head.expect(&end)?;
    Ok(count)
}

/// Which entry a byte of a page belongs to: the hash before the first counts as the first's.
fn owner(page: &Kept, at: usize) -> u64 {
    let (mut place, mut number) = (HASH_BYTES, page.first);
    loop {
        let (_, linked, _) = framed(&page.bytes, place).unwrap();
        place += linked.len();
        if at < place {
            return number;
        }
        number += 1;
    }
}

fn trail() -> impl Strategy<Value = (Vec<Kept>, Head, u64)> {
    let samples = prop::collection::vec(any_sample(), 2..12);
    let sizes = prop::collection::vec(1usize..5, 1..4);
    (samples, sizes).prop_map(|(samples, sizes)| {
        let (pages, head) = pages(&samples, &sizes);
        (pages, head, samples.len() as u64)
    })
}

/// The pages in pieces: which page each entry is in, and its bytes with its hash.
fn pieces(pages: &[Kept]) -> Vec<(usize, Vec<u8>)> {
    let mut pieces = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let mut place = HASH_BYTES;
        while place < page.bytes.len() {
            let (_, linked, _) = framed(&page.bytes, place).unwrap();
            pieces.push((index, page.bytes[place..place + linked.len()].to_vec()));
            place += linked.len();
        }
    }
    pieces
}

/// The pages again, with other pieces in them.
fn assembled(pages: &[Kept], pieces: &[(usize, Vec<u8>)]) -> Vec<Kept> {
    let mut pages = pages.to_vec();
    for (index, page) in pages.iter_mut().enumerate() {
        page.bytes.truncate(HASH_BYTES);
        let own = pieces.iter().filter(|(of, _)| *of == index);
        page.bytes.extend(own.flat_map(|(_, bytes)| bytes));
    }
    pages
}

proptest! {
    #[test]
    fn a_trail_as_it_was_written_is_whole((pages, head, count) in trail()) {
        prop_assert_eq!(check(&pages, head), Ok(count));
        let read: Vec<_> = pages.iter().flat_map(|Kept { first, last, bytes }| {
            let page = Page { first: *first, last: *last, bytes };
            page.entries().map(|(entry, _)| entry.number).collect::<Vec<_>>()
        }).collect();
        prop_assert_eq!(read, (1..=count).collect::<Vec<_>>());
    }

    #[test]
    fn a_changed_byte_is_found_at_its_entry(
        (mut pages, head, _) in trail(),
        page: prop::sample::Index,
        byte: prop::sample::Index,
        flip in 1u8..,
    ) {
        let page = page.index(pages.len());
        let byte = byte.index(pages[page].bytes.len());
        let number = owner(&pages[page], byte);
        pages[page].bytes[byte] ^= flip;
        prop_assert_eq!(check(&pages, head).unwrap_err().number, number);
    }

    #[test]
    fn an_entry_that_is_removed_is_found((pages, head, count) in trail(), which: prop::sample::Index) {
        let mut pieces = pieces(&pages);
        let which = which.index(pieces.len());
        pieces.remove(which);
        let changed = assembled(&pages, &pieces);
        prop_assert_eq!(check(&changed, head).unwrap_err().number, which as u64 + 1, "of {}", count);
    }

    #[test]
    fn an_entry_that_is_inserted_twice_is_found(
        (pages, head, _) in trail(),
        from: prop::sample::Index,
        to: prop::sample::Index,
    ) {
        let mut pieces = pieces(&pages);
        let inserted = pieces[from.index(pieces.len())].1.clone();
        let to = to.index(pieces.len());
        let page = pieces[to].0;
        // Before itself or behind itself comes to the same.
        let place = if inserted == pieces[to].1 { to + 1 } else { to };
        pieces.insert(place, (page, inserted));
        let changed = assembled(&pages, &pieces);
        prop_assert_eq!(check(&changed, head).unwrap_err().number, place as u64 + 1);
    }

    #[test]
    fn entries_that_change_places_are_found(
        (pages, head, _) in trail(),
        one: prop::sample::Index,
        two: prop::sample::Index,
    ) {
        let mut pieces = pieces(&pages);
        let (one, two) = (one.index(pieces.len()), two.index(pieces.len()));
        prop_assume!(one != two);
        let first = pieces[one].1.clone();
        pieces[one].1 = std::mem::replace(&mut pieces[two].1, first);
        let changed = assembled(&pages, &pieces);
        prop_assert_eq!(check(&changed, head).unwrap_err().number, one.min(two) as u64 + 1);
    }

    #[test]
    fn an_end_that_is_cut_off_is_found(
        (mut pages, head, count) in trail(),
        cut: prop::sample::Index,
        whole_pages: bool,
    ) {
        if whole_pages {
            let left = cut.index(pages.len());
            pages.truncate(left);
            let last = pages.last().map_or(0, |page| page.last);
            prop_assert_eq!(check(&pages, head).unwrap_err().number, last + 1);
        } else {
            let last = pages.last_mut().unwrap();
            let left = cut.index(last.bytes.len());
            last.bytes.truncate(left);
            let fault = check(&pages, head).unwrap_err();
            prop_assert!((pages.last().unwrap().first..=count).contains(&fault.number));
        }
    }

    #[test]
    fn pages_that_are_removed_or_change_places_are_found(
        (mut pages, head, _) in trail(),
        one: prop::sample::Index,
        two: prop::sample::Index,
    ) {
        let (one, two) = (one.index(pages.len()), two.index(pages.len()));
        let number = pages[one.min(two)].first;
        if one == two {
            pages.remove(one);
        } else {
            pages.swap(one, two);
        }
        prop_assert_eq!(check(&pages, head).unwrap_err().number, number);
    }

    #[test]
    fn a_trail_that_was_written_anew_does_not_end_as_the_one_before(
        samples in prop::collection::vec(any_sample(), 2..8),
        which: prop::sample::Index,
        other in any_sample(),
    ) {
        let (_, head) = pages(&samples, &[2]);
        let mut forged = samples.clone();
        let which = which.index(forged.len());
        prop_assume!(forged[which] != other);
        forged[which] = other;
        let (forged, _) = pages(&forged, &[2]);
        prop_assert_eq!(check(&forged, head).unwrap_err().number, samples.len() as u64);
    }
}
