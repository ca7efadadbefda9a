//! A line is exactly one entry, and an entry exactly one line.

use super::{super::samples::any_sample, *};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_line_is_read_back_as_it_was_written_and_is_the_record_as_json(
        sample in any_sample(),
        number in 0u64..1 << 53,
        hash: Hash,
    ) {
        let entry = sample.entry(number);
        let (mut line, mut again) = (Vec::new(), Vec::new());
        write(&entry, &hash, &mut line);
        prop_assert_eq!(read(&line, &mut again, |e, h| *e == entry && *h == hash), Some(true));
        let record = record(&entry, &hash);
        prop_assert_eq!(serde_json::to_string(&record).unwrap().into_bytes(), line);
    }

    #[test]
    fn no_line_but_the_one_that_was_written_gives_the_same_entry(
        sample in any_sample(),
        hash: Hash,
        place: prop::sample::Index,
        flip in 1u8..,
    ) {
        let entry = sample.entry(5);
        let (mut line, mut again) = (Vec::new(), Vec::new());
        write(&entry, &hash, &mut line);
        let place = place.index(line.len());
        line[place] ^= flip;
        let same = read(&line, &mut again, |e, h| *e == entry && *h == hash);
        prop_assert_ne!(same, Some(true));
    }
}

#[test]
fn spaces_other_escapes_and_other_fields_are_refused() {
    let entry = super::super::samples::plain(9);
    let (mut line, mut again) = (Vec::new(), Vec::new());
    write(&entry, &[1; 32], &mut line);
    let line = String::from_utf8(line).unwrap();
    assert!(read(line.as_bytes(), &mut again, |_, _| ()).is_some());
    for other in [
        line.replace(",\"at\"", ", \"at\""),
        line.replace("window", "\\u0077indow"),
        line.replace("}", ",\"more\":1}"),
        line.replace("\"code\":null", "\"code\":\"\""),
        line.replace(".009Z", ".009+00:00"),
        format!("{line} "),
    ] {
        assert_ne!(other, line);
        assert_eq!(
            read(other.as_bytes(), &mut again, |_, _| ()),
            None,
            "{other}"
        );
    }
}
