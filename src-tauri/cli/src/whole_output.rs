//! A job with its whole output: one that is too large for a snapshot is put together from its
//! pieces.
//!
//! For programs such an output is printed as it is stored, since reading it first would take longer
//! than the work that made it; for people it is read and drawn.

use serde_json::Value;
use toolroom_engine::{JobApi, JobReader};
use toolroom_shared::{AppError, Caller, ErrorCode, JobSnapshot, OutputPage};

use crate::render;

/// A job, and its output wherever that stands.
pub struct WholeJob {
    job: JobSnapshot,
    /// The text of an output that isn't in the snapshot, or why it can't be read.
    large: Result<Option<String>, AppError>,
}

impl WholeJob {
    /// Reads the output of a job whose engine is at hand.
    pub async fn fetch(api: &dyn JobApi, job: JobSnapshot) -> Self {
        let mut pieces = Pieces::of(&job);
        while let Some(offset) = pieces.next {
            pieces.take(api.read_output(Caller::Terminal, &job.job_id, offset).await);
        }
        let large = pieces.together();
        Self { job, large }
    }

    /// The same for who only reads the history.
    pub fn read(reader: &JobReader, job: JobSnapshot) -> Self {
        let mut pieces = Pieces::of(&job);
        while let Some(offset) = pieces.next {
            pieces.take(reader.read_output(&job.job_id, offset));
        }
        let large = pieces.together();
        Self { job, large }
    }

    /// The job with its output in its snapshot, for people to see; without it, and why, if that
    /// can't be read.
    pub fn into_snapshot(self) -> (JobSnapshot, Result<(), AppError>) {
        let Self { mut job, large } = self;
        let read = large.and_then(|text| {
            job.output = text
                .map(|text| parse(&job, &text))
                .transpose()?
                .or(job.output.take());
            Ok(())
        });
        (job, read)
    }

    /// Prints the job as JSON; without its output, and why, if that can't be read.
    ///
    /// # Errors
    /// If the job can't be put into JSON.
    pub fn print_json(self) -> Result<(JobSnapshot, Result<(), AppError>), AppError> {
        let Self { job, large } = self;
        let json = render::json(&job)?;
        let (large, read) = match large {
            Ok(large) => (large, Ok(())),
            Err(error) => (None, Err(error)),
        };
        match around_output(&json).zip(large) {
            Some(([before, after], output)) => render::print_parts(&[before, &output, after]),
            None => render::print(&json),
        }
        Ok((job, read))
    }
}

/// What stands before and after the output in the JSON of a job that carries none.
fn around_output(json: &str) -> Option<[&str; 2]> {
    // Only the job's own fields follow a line's end and two spaces, and no text has a line's end.
    const NO_OUTPUT: &str = "\n  \"output\": null";
    let begin = json.find(NO_OUTPUT)? + NO_OUTPUT.len();
    Some([&json[..begin - "null".len()], &json[begin..]])
}

/// What has been read of an output.
struct Pieces {
    text: Option<String>,
    next: Option<u64>,
    error: Option<AppError>,
}

impl Pieces {
    /// None yet, if there are any to be read.
    fn of(job: &JobSnapshot) -> Self {
        let is_large = job.output.is_none() && job.output_bytes.is_some();
        Self {
            text: is_large.then(String::new),
            next: is_large.then_some(0),
            error: None,
        }
    }

    fn take(&mut self, piece: Result<OutputPage, AppError>) {
        match piece {
            Ok(page) => {
                self.next = page.next_offset;
                if let Some(text) = &mut self.text {
                    text.push_str(&page.text);
                }
            }
            Err(error) => {
                self.next = None;
                self.error = Some(error);
            }
        }
    }

    fn together(self) -> Result<Option<String>, AppError> {
        self.error.map_or(Ok(self.text), Err)
    }
}

fn parse(job: &JobSnapshot, text: &str) -> Result<Value, AppError> {
    serde_json::from_str(text).map_err(|error| {
        AppError::new(
            ErrorCode::Internal,
            format!(
                "The output of job {} was stored damaged: {error}. The rest of the job is kept.",
                job.job_id
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_job::a_job;
    use serde_json::json;

    #[test]
    fn an_output_stands_in_its_own_place_whatever_else_is_called_so() {
        let job = JobSnapshot {
            input: json!({ "output": null, "text": "\n  \"output\": null" }),
            message: Some("\n  \"output\": null".into()),
            ..a_job()
        };
        let json = render::json(&job).unwrap();
        let [before, after] = around_output(&json).unwrap();
        let printed = format!("{before}[1,2]{after}");
        let read: JobSnapshot = serde_json::from_str(&printed).unwrap();
        let output = Some(json!([1, 2]));
        assert_eq!(read, JobSnapshot { output, ..job });
    }
}
