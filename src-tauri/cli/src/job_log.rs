//! `toolroom job --log`: what a job's tool wrote to its log.

use toolroom_engine::JobReader;
use toolroom_shared::{AppError, JobId, LogLine, LogPage};

use crate::render;

/// How many lines can be asked for at once.
const A_PAGE: u32 = 1_000;

/// Shows the log.
///
/// # Errors
/// `unknown_job`, and when the history can't be read.
pub fn show(reader: &JobReader, job_id: &JobId, as_json: bool) -> Result<(), AppError> {
    let (lines, dropped) = read(|after| reader.log(job_id, after, A_PAGE))?;
    render::print(&if as_json {
        render::json(&lines)?
    } else {
        text(&lines, dropped)
    });
    Ok(())
}

/// All lines, and how many were dropped; `ask` gives those after one.
fn read(ask: impl Fn(u32) -> Result<LogPage, AppError>) -> Result<(Vec<LogLine>, u32), AppError> {
    let mut lines: Vec<LogLine> = Vec::new();
    loop {
        let page = ask(lines.last().map_or(0, |line| line.number))?;
        let more = page.more && !page.lines.is_empty();
        lines.extend(page.lines);
        if !more {
            return Ok((lines, page.dropped));
        }
    }
}

fn text(lines: &[LogLine], dropped: u32) -> String {
    if lines.is_empty() && dropped == 0 {
        return "Nothing was written to the log.".to_owned();
    }
    let note = match dropped {
        0 => None,
        1 => Some("(1 line was dropped, since there were too many.)".to_owned()),
        _ => Some(format!(
            "({dropped} lines were dropped, since there were too many.)"
        )),
    };
    let lines = lines
        .iter()
        .map(|line| format!("{}  {}", line.at, render::escaped(&line.text)));
    note.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u32, text: &str) -> LogLine {
        LogLine {
            number,
            at: "2026-03-04T05:06:07.5Z".into(),
            text: text.into(),
        }
    }

    #[test]
    fn a_log_of_several_pages_is_read_to_its_end() {
        let (lines, dropped) = read(|after| {
            let last = 7.min(after + 3);
            Ok(LogPage {
                lines: (after + 1..=last).map(|number| line(number, "")).collect(),
                dropped: 0,
                more: last < 7,
            })
        })
        .unwrap();
        let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
        assert_eq!((numbers, dropped), ((1..=7).collect(), 0));
    }

    #[test]
    fn a_line_is_its_time_and_its_text_and_what_was_dropped_is_said_first() {
        assert_eq!(
            text(&[line(3, "a\u{1b}b"), line(4, "c")], 2),
            "(2 lines were dropped, since there were too many.)\n\
             2026-03-04T05:06:07.5Z  a\\u{1b}b\n2026-03-04T05:06:07.5Z  c"
        );
        assert_eq!(text(&[], 0), "Nothing was written to the log.");
    }
}
