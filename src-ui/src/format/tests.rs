//! How numbers and times read.

use super::*;
use proptest::prelude::*;

fn progress(done: u64, total: Option<u64>, unit: &str, rate: Option<f64>) -> JobProgress {
    JobProgress {
        done,
        total,
        unit: unit.into(),
        rate,
    }
}

#[test]
fn thousands_stand_apart() {
    assert_eq!(count(0), "0");
    assert_eq!(count(999), "999");
    assert_eq!(count(12_418), "12,418");
    assert_eq!(count(1_234_567), "1,234,567");
}

#[test]
fn sizes_have_two_or_three_digits() {
    for (size, text) in [
        (0.0, "0 B"),
        (512.0, "512 B"),
        (1500.0, "1.5 kB"),
        (61_200_000_000.0, "61 GB"),
        (1_900_000_000.0, "1.9 GB"),
        (999_600.0, "1.0 MB"),
        (-4.0, "0 B"),
    ] {
        assert_eq!(bytes(size), text);
    }
}

#[test]
fn progress_reads_in_its_unit() {
    let files = progress(7702, Some(12_418), "files", Some(80.0));
    assert_eq!(done_of_total(&files).unwrap(), "7,702 of 12,418 files");
    assert_eq!(rate(&files).unwrap(), "80 files/s");
    assert_eq!(time_left(&files).unwrap(), "about 59 s left");
    let long = |left| time_left(&progress(0, Some(left), "bytes", Some(1.0))).unwrap();
    assert_eq!(long(2_934), "about 49 min left");
    assert_eq!(long(3_601), "about 1 h 01 min left");
    let bytes = progress(1_500_000, Some(3_000_000_000), "bytes", Some(1.9e9));
    assert_eq!(done_of_total(&bytes).unwrap(), "1.5 MB of 3.0 GB");
    assert_eq!(rate(&bytes).unwrap(), "1.9 GB/s");
    assert_eq!(done_of_total(&progress(0, None, "", None)), None);
    assert_eq!(done_of_total(&progress(3, None, "", None)).unwrap(), "3");
    assert_eq!(time_left(&progress(5, Some(5), "files", Some(1.0))), None);
}

#[test]
fn spans_of_time_grow_by_units() {
    for (ms, text) in [
        (40, "under 0.1 s"),
        (400, "0.4 s"),
        (9_600, "9.6 s"),
        (18_400, "18 s"),
        (242_000, "4 min 02 s"),
        (3_900_000, "1 h 05 min"),
    ] {
        assert_eq!(duration(ms), text);
    }
}

#[test]
fn a_past_moment_is_relative_and_never_in_the_future() {
    assert_eq!(ago(10_000, 5_000), "just now");
    assert_eq!(ago(0, 120_000), "2 min ago");
    assert_eq!(ago(0, 3 * 3_600_000), "3 h ago");
    assert_eq!(ago(0, 30 * 3_600_000), "1 day ago");
    assert_eq!(ago(0, 72 * 3_600_000), "3 days ago");
}

#[test]
fn times_are_local() {
    let ms = parse_time("2026-11-21T13:02:11.5Z").unwrap();
    assert_eq!(short_time(ms, ms, 60), "14:02");
    assert_eq!(exact_time(ms, 60), "2026-11-21 14:02:11");
    let next_day = ms + 86_400_000;
    assert_eq!(short_time(ms, next_day, 60), "21 Nov");
    assert_eq!(short_time(ms, ms + 86_400_000 * 90, 0), "21 Nov 2026");
    assert_eq!(parse_time("yesterday"), None);
}

#[test]
fn long_texts_keep_what_tells_them_apart() {
    assert_eq!(middle_out("af1349b9f5f9a1c3b2", 10), "af1349…3b2");
}

proptest! {
    #[test]
    fn shortened_texts_fit(text in ".{0,60}", max in 3usize..40) {
        prop_assert!(middle_out(&text, max).chars().count() <= max.max(3));
    }

    #[test]
    fn a_count_keeps_its_digits(number in any::<u64>()) {
        prop_assert_eq!(count(number).replace(',', ""), number.to_string());
    }

    #[test]
    fn any_progress_reads_without_a_panic(done in any::<u64>(), total in any::<Option<u64>>(), rate_ in any::<Option<f64>>()) {
        let progress = progress(done, total, "bytes", rate_);
        let _ = done_of_total(&progress);
        let _ = rate(&progress);
        let _ = time_left(&progress);
    }
}
