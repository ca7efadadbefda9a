//! What is said while work is done: a line before, the time after, tables at the end.
//!
//! Everything goes to standard error, so that standard output stays free for results.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Says what begins, does it, says how long it took.
pub fn timed<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("{what}");
    let begin = Instant::now();
    let result = work()?;
    eprintln!("{what}: done in {}", duration(begin.elapsed()));
    Ok(result)
}

/// A time for people: `0.3 s`, `12.0 s`, `4 min 52 s`.
#[must_use]
pub fn duration(time: Duration) -> String {
    // Tenths are rounded first: 59.96 s would otherwise be told as 60.0 s.
    let tenths = (time.as_millis() + 50) / 100;
    if tenths < 600 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        format!("{} min {} s", tenths / 600, tenths % 600 / 10)
    }
}

/// Rows in columns, each as wide as its widest cell; the first row is the heading.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_seconds_and_from_a_minute_on_in_minutes() {
        assert_eq!(duration(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration(Duration::from_millis(59_940)), "59.9 s");
        assert_eq!(duration(Duration::from_millis(59_960)), "1 min 0 s");
        assert_eq!(duration(Duration::from_secs(292)), "4 min 52 s");
    }

    #[test]
    fn columns_line_up_and_lines_end_without_blanks() {
        let rows = vec![
            vec!["step".to_owned(), "time".to_owned()],
            vec!["end-to-end".to_owned(), String::new()],
        ];
        assert_eq!(table(&rows), "step        time\nend-to-end\n");
    }

    #[test]
    fn the_result_of_the_work_is_handed_on() {
        assert_eq!(timed("counting", || Ok(3)).unwrap(), 3);
        assert!(timed("failing", || -> Result<()> { anyhow::bail!("no") }).is_err());
    }
}
