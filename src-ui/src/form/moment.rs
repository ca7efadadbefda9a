//! Dates and times between the browser's own fields, which know no difference to UTC, and the input,
//! which says it.

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// How many characters of RFC 3339 a field of day and time knows: up to the seconds.
const FIELD: usize = "2026-11-22T10:30:00".len();

/// What a field of day and time shows for a moment (RFC 3339), in the time of a place that is so many
/// minutes ahead of UTC; none if it isn't one.
#[must_use]
pub fn to_field(moment: &str, offset_minutes: impl FnOnce(u64) -> i32) -> Option<String> {
    let moment = OffsetDateTime::parse(moment, &Rfc3339).ok()?;
    let ms = u64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let offset = UtcOffset::from_whole_seconds(offset_minutes(ms) * 60).ok()?;
    let text = moment.to_offset(offset).format(&Rfc3339).ok()?;
    text.get(..FIELD).map(str::to_owned)
}

/// The moment (RFC 3339) that a field of day and time means where it is so many minutes ahead of UTC.
#[must_use]
pub fn from_field(text: &str, offset_minutes: impl FnOnce(u64) -> i32) -> Option<String> {
    let there = OffsetDateTime::parse(&format!("{}Z", whole(text)), &Rfc3339).ok()?;
    let ms = u64::try_from(there.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let offset = UtcOffset::from_whole_seconds(offset_minutes(ms) * 60).ok()?;
    there.replace_offset(offset).format(&Rfc3339).ok()
}

/// With its seconds, also where they are none.
#[must_use]
pub fn whole(text: &str) -> String {
    let colons = text.bytes().filter(|byte| *byte == b':').count();
    // What a field says of thousandths is more than is asked for.
    let text = text.split('.').next().unwrap_or(text);
    match colons {
        1 => format!("{text}:00"),
        _ => text.to_owned(),
    }
}

/// A time of day without its difference to UTC, and that difference.
#[must_use]
pub fn time_and_offset(text: &str) -> (&str, &str) {
    let end = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    text.split_at(end)
}

/// A difference to UTC as RFC 3339 writes it.
#[must_use]
pub fn offset_text(minutes: i32) -> String {
    if minutes == 0 {
        return "Z".to_owned();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn seconds_that_a_field_leaves_out_are_none() {
        let moment = from_field("2026-11-22T10:30", |_| 60);
        assert_eq!(moment.as_deref(), Some("2026-11-22T10:30:00+01:00"));
        assert_eq!(from_field("soon", |_| 0), None);
        assert_eq!(whole("10:30"), "10:30:00");
        assert_eq!(time_and_offset("10:30:00+01:00"), ("10:30:00", "+01:00"));
        assert_eq!(offset_text(-90), "-01:30");
    }

    proptest! {
        #[test]
        fn a_moment_goes_through_the_field_and_back(seconds in 0..4_000_000_000_i64, offset in -840..840_i32) {
            let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let text = moment.format(&Rfc3339).unwrap();
            let field = to_field(&text, |_| offset).unwrap();
            let back = from_field(&field, |_| offset).unwrap();
            prop_assert_eq!(OffsetDateTime::parse(&back, &Rfc3339).unwrap(), moment);
        }
    }
}
