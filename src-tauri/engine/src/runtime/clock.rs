//! The time of day, as it stands in snapshots.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Now, in RFC 3339 and UTC, to the millisecond.
pub fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let to_the_millisecond = now
        .replace_nanosecond(now.millisecond().into())
        .and_then(|date| date.replace_millisecond(now.millisecond()))
        .unwrap_or(now);
    // A date of the proleptic calendar's own range always formats.
    to_the_millisecond.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_time_of_day_is_utc_to_the_millisecond_at_most() {
        let now = super::now();
        assert!(now.ends_with('Z'), "{now}");
        let fraction = now.split('.').nth(1).map_or(0, |f| f.len() - 1);
        assert!(fraction <= 3, "{now}");
    }
}
