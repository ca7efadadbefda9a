//! Times as people read them. On the wire they are RFC 3339; what can't be read stays as it is.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The moment to the second.
pub fn full(at: &str) -> String {
    let Some(moment) = parse(at) else {
        return at.to_owned();
    };
    format!(
        "{} {:02}:{:02}:{:02} UTC",
        date(moment),
        moment.hour(),
        moment.minute(),
        moment.second()
    )
}

/// How long ago it was at the moment `now`, or the date if that is long ago.
pub fn ago(at: &str, now: OffsetDateTime) -> String {
    let Some(moment) = parse(at) else {
        return at.to_owned();
    };
    match (now - moment).whole_seconds() {
        // Clocks are set back, too.
        ..=0 => "just now".to_owned(),
        seconds @ ..MINUTE => format!("{seconds} s ago"),
        seconds @ ..HOUR => format!("{} min ago", seconds / MINUTE),
        seconds @ ..DAY => format!("{} h ago", seconds / HOUR),
        seconds if seconds < 2 * DAY => "1 day ago".to_owned(),
        seconds if seconds < 30 * DAY => format!("{} days ago", seconds / DAY),
        _ => date(moment),
    }
}

fn parse(at: &str) -> Option<OffsetDateTime> {
    let moment = OffsetDateTime::parse(at, &Rfc3339).ok()?;
    Some(moment.to_offset(time::UtcOffset::UTC))
}

fn date(moment: OffsetDateTime) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        moment.year(),
        u8::from(moment.month()),
        moment.day()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_utc_to_the_second() {
        assert_eq!(full("2026-03-04T05:06:07.89Z"), "2026-03-04 05:06:07 UTC");
        assert_eq!(full("2026-03-04T00:06:07+02:00"), "2026-03-03 22:06:07 UTC");
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_whole_unit_and_then_as_a_date() {
        let now = parse("2026-03-31T12:00:00Z").unwrap();
        let cases = [
            ("2026-03-31T12:00:30Z", "just now"),
            ("2026-03-31T11:59:59.5Z", "just now"),
            ("2026-03-31T11:59:01Z", "59 s ago"),
            ("2026-03-31T11:59:00Z", "1 min ago"),
            ("2026-03-31T11:00:01Z", "59 min ago"),
            ("2026-03-30T12:00:01Z", "23 h ago"),
            ("2026-03-30T12:00:00Z", "1 day ago"),
            ("2026-03-02T12:00:00Z", "29 days ago"),
            ("2026-03-01T12:00:00Z", "2026-03-01"),
        ];
        for (at, said) in cases {
            assert_eq!(ago(at, now), said, "{at}");
        }
    }

    #[test]
    fn what_is_no_time_stays_as_it_is() {
        assert_eq!(full("soon"), "soon");
        assert_eq!(ago("soon", OffsetDateTime::UNIX_EPOCH), "soon");
    }
}
