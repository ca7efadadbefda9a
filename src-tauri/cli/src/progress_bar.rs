//! A job's progress on a terminal's standard error; nothing where that is no terminal.

use std::time::Duration;

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};
use toolroom_shared::{JobProgress, JobSummary};

use crate::render;

/// The bar of one job.
pub struct JobBar {
    bar: ProgressBar,
}

impl JobBar {
    /// A bar that shows nothing yet.
    pub fn new() -> Self {
        let bar = ProgressBar::new(100);
        // The template is a constant; were it wrong, the plain style would serve.
        if let Ok(style) = ProgressStyle::with_template(
            "{prefix} {bar:30.cyan/dim} {percent:>3} %  {wide_msg:.dim}",
        ) {
            bar.set_style(style.progress_chars("━━─"));
        }
        Self { bar }
    }

    /// Shows the job as it now is.
    pub fn show(&self, job: &JobSummary) {
        let stage = if job.cancel_requested {
            "Canceling"
        } else {
            job.stage.as_str()
        };
        self.bar.set_prefix(render::escaped(stage));
        self.bar.set_position(job.progress_pct.into());
        self.bar.set_message(figures(&job.progress));
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// How much is done, of how much.
pub fn amounts(progress: &JobProgress) -> String {
    let done = amount(progress, progress.done);
    match progress.total {
        Some(total) => format!("{done} of {}", amount(progress, total)),
        None => done,
    }
}

fn amount(progress: &JobProgress, count: u64) -> String {
    match progress.unit.as_str() {
        "bytes" => HumanBytes(count).to_string(),
        unit => format!("{} {}", HumanCount(count), render::escaped(unit)),
    }
}

fn figures(progress: &JobProgress) -> String {
    let mut parts = vec![amounts(progress)];
    if let Some(rate) = progress.rate.filter(|rate| *rate >= 1.0) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // a rate is shown rounded
        parts.push(format!("{}/s", amount(progress, rate as u64)));
        if let Some(total) = progress.total {
            #[allow(clippy::cast_precision_loss)] // an estimate
            let seconds = total.saturating_sub(progress.done) as f64 / rate;
            if let Ok(left) = Duration::try_from_secs_f64(seconds.round()) {
                parts.push(format!("{} left", indicatif::HumanDuration(left)));
            }
        }
    }
    parts.join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_units_a_rate_and_the_time_left() {
        let progress = JobProgress {
            done: 1 << 30,
            total: Some(3 << 30),
            unit: "bytes".into(),
            rate: Some((1 << 30).into()),
        };
        assert_eq!(
            figures(&progress),
            "1.00 GiB of 3.00 GiB  1.00 GiB/s  2 seconds left"
        );
        let progress = JobProgress {
            done: 1234,
            unit: "files".into(),
            ..JobProgress::default()
        };
        assert_eq!(figures(&progress), "1,234 files");
    }
}
