//! Numbers, amounts and times as people read them.

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};
use toolroom_shared::JobProgress;

/// The unit that is shown in steps of a thousand.
const BYTES: &str = "bytes";

/// A whole number with its thousands apart: `12,418`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in bytes: `512 B`, `61.2 GB`.
#[must_use]
pub fn bytes(size: f64) -> String {
    let mut size = size.max(0.0);
    // 999.5 would be rounded to 1000, so it belongs to the next unit.
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        if size < 999.5 {
            return if size < 9.95 && unit != "B" {
                format!("{size:.1} {unit}")
            } else {
                format!("{size:.0} {unit}")
            };
        }
        size /= 1000.0;
    }
    format!("{size:.1} PB")
}

/// A size in megabytes without the unit, for "x of y MB": `0.3`, `61`.
#[must_use]
pub fn megabytes(size: u64) -> String {
    let size = size as f64 / 1e6;
    if size < 9.95 {
        format!("{size:.1}")
    } else {
        format!("{size:.0}")
    }
}

/// A number of some unit: bytes in their steps, anything else as it is.
#[must_use]
pub fn amount(number: f64, unit: &str) -> String {
    if unit == BYTES {
        return bytes(number);
    }
    let text = if number.fract() == 0.0 || number >= 100.0 {
        // Amounts are at most 2^53.
        count(number.max(0.0) as u64)
    } else {
        format!("{number:.1}")
    };
    if unit.is_empty() {
        text
    } else {
        format!("{text} {unit}")
    }
}

/// How far a job is: `7,702 of 12,418 files`; none before it counts anything.
#[must_use]
pub fn done_of_total(progress: &JobProgress) -> Option<String> {
    let JobProgress {
        done, total, unit, ..
    } = progress;
    match total {
        None if *done == 0 => None,
        None => Some(amount(*done as f64, unit)),
        Some(total) if unit == BYTES => Some(format!(
            "{} of {}",
            bytes(*done as f64),
            bytes(*total as f64)
        )),
        Some(total) => Some(format!(
            "{} of {}",
            count(*done),
            amount(*total as f64, unit)
        )),
    }
}

/// How fast a job is: `1.9 GB/s`.
#[must_use]
pub fn rate(progress: &JobProgress) -> Option<String> {
    let rate = progress.rate.filter(|rate| *rate > 0.0)?;
    Some(format!("{}/s", amount(rate, &progress.unit)))
}

/// How long a job still takes: `about 12 s left`.
#[must_use]
pub fn time_left(progress: &JobProgress) -> Option<String> {
    let rate = progress.rate.filter(|rate| *rate > 0.0)?;
    let left = progress.total?.saturating_sub(progress.done);
    let seconds = (left as f64 / rate).ceil();
    (1.0..360_000.0)
        .contains(&seconds)
        .then(|| format!("about {} left", estimate(seconds as u64)))
}

/// A span of time that is only guessed, no finer than the guess is: `12 s`, `4 min`, `1 h 05 min`.
fn estimate(seconds: u64) -> String {
    match seconds {
        0..120 => duration(seconds * 1000),
        120..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => duration(seconds.next_multiple_of(60) * 1000),
    }
}

/// A span of time: `0.4 s`, `18 s`, `4 min 02 s`, `1 h 05 min`.
#[must_use]
pub fn duration(ms: u64) -> String {
    let seconds = ms / 1000;
    match seconds {
        0 if ms < 100 => "under 0.1 s".to_owned(),
        0..10 if !ms.is_multiple_of(1000) => format!("{:.1} s", (ms / 100) as f64 / 10.0),
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// How long ago that was: `just now`, `2 min ago`.
#[must_use]
pub fn ago(then_ms: u64, now_ms: u64) -> String {
    let minutes = now_ms.saturating_sub(then_ms) / 60_000;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1440 => format!("{} h ago", minutes / 60),
        1440..2880 => "1 day ago".to_owned(),
        _ => format!("{} days ago", minutes / 1440),
    }
}

/// An RFC 3339 time in milliseconds since 1970.
#[must_use]
pub fn parse_time(text: &str) -> Option<u64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    u64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

fn local(ms: u64, offset_minutes: i32) -> Option<OffsetDateTime> {
    let offset = UtcOffset::from_whole_seconds(offset_minutes * 60).ok()?;
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(ms / 1000).ok()?).ok()?;
    Some(time.to_offset(offset))
}

/// The local time of day, `14:02`; on another day than `now` the date, `20 Nov`.
#[must_use]
pub fn short_time(ms: u64, now_ms: u64, offset_minutes: i32) -> String {
    let (Some(time), Some(now)) = (local(ms, offset_minutes), local(now_ms, offset_minutes)) else {
        return String::new();
    };
    if time.date() == now.date() {
        return format!("{:02}:{:02}", time.hour(), time.minute());
    }
    let month = time.month().to_string();
    let month = month.get(..3).unwrap_or(&month);
    if time.year() == now.year() {
        format!("{} {month}", time.day())
    } else {
        format!("{} {month} {}", time.day(), time.year())
    }
}

/// The local time of day to the second: `14:02:31`.
#[must_use]
pub fn time_of_day(ms: u64, offset_minutes: i32) -> String {
    local(ms, offset_minutes).map_or_else(String::new, |time| {
        format!(
            "{:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        )
    })
}

/// The local date and time to the second.
#[must_use]
pub fn exact_time(ms: u64, offset_minutes: i32) -> String {
    local(ms, offset_minutes).map_or_else(String::new, |time| {
        format!(
            "{} {:02}:{:02}:{:02}",
            time.date(),
            time.hour(),
            time.minute(),
            time.second()
        )
    })
}

/// `text` in at most `max` characters, its middle left out: for digests.
#[must_use]
pub fn middle_out(text: &str, max: usize) -> String {
    let length = text.chars().count();
    if length <= max || max < 3 {
        return text.to_owned();
    }
    let tail = (max - 1) / 3;
    let head = max - 1 - tail;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests;
