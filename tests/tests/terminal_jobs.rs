//! What one process knows of the jobs of another, and what it may do about them.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use std::{fs, process::Command};

use toolroom_shared::{JobStatus, JobSummary};
use toolroom_tests::terminal::{LongRun, jobs, run, snapshot, stderr, stdout, tell};

#[test]
fn a_run_is_found_by_another_process_just_as_it_was_printed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f"), "abc").unwrap();
    let printed = run(folder.path(), &["hash-files", "--paths", "f", "--json"]);
    let job = snapshot(&printed);
    assert_eq!(jobs(folder.path(), &[]), [JobSummary::from(&job)]);
    let id = job.job_id.as_str();
    let shown = tell(folder.path(), &["job", id, "--json"]);
    assert_eq!(stdout(&shown), stdout(&printed));
    assert_eq!(stderr(&shown), "");

    let text = stdout(&tell(folder.path(), &["job", id]));
    for part in [id, "status: succeeded", "/f\"", "total_bytes: 3", "started"] {
        assert!(text.contains(part), "no {part} in: {text}");
    }
    let log = tell(folder.path(), &["job", id, "--log", "--json"]);
    assert_eq!(stdout(&log), "[]\n");
    let log = tell(folder.path(), &["job", id, "--log"]);
    assert_eq!(stdout(&log), "Nothing was written to the log.\n");
}

#[test]
fn an_output_too_large_for_a_snapshot_is_printed_whole() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("many")).unwrap();
    for number in 0..1_500 {
        let name = format!("many/{number:0>120}");
        fs::write(folder.path().join(name), "abc").unwrap();
    }
    let printed = run(folder.path(), &["hash-files", "--paths", "many", "--json"]);
    let job = snapshot(&printed);
    assert!(job.output_bytes.unwrap() > 256 * 1024);
    let output = job.output.unwrap();
    assert_eq!(output["files"].as_array().unwrap().len(), 1_500);
    let shown = tell(folder.path(), &["job", job.job_id.as_str(), "--json"]);
    assert_eq!(stdout(&shown), stdout(&printed));
    let text = stdout(&tell(folder.path(), &["job", job.job_id.as_str()]));
    assert!(text.contains(&format!("many/{:0>120}", 1_499)));
}

#[test]
fn jobs_are_found_by_their_words_and_status_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["apple", "banana"] {
        fs::write(folder.path().join(name), "abc").unwrap();
    }
    let [apple, missing, banana] = ["apple", "missing", "banana"].map(|name| {
        snapshot(&run(
            folder.path(),
            &["hash-files", "--paths", name, "--json"],
        ))
        .job_id
    });
    let ids = |arguments: &[&str]| -> Vec<_> {
        jobs(folder.path(), arguments)
            .into_iter()
            .map(|job| job.job_id)
            .collect()
    };
    let all = [banana, missing, apple.clone()];
    assert_eq!(ids(&[]), all);
    assert_eq!(ids(&["--search", "ban hash"]), all[..1]);
    assert_eq!(ids(&["--status", "failed"]), all[1..2]);
    assert_eq!(ids(&["--status", "failed", "--status", "succeeded"]), all);
    assert!(ids(&["--status", "failed", "--search", "apple"]).is_empty());
    let text = stdout(&tell(folder.path(), &["jobs", "--limit", "2"]));
    assert!(text.ends_with("\n2 of 3 jobs\n"), "{text}");
    assert!(!text.contains(apple.as_str()), "{text}");
}

#[test]
fn where_nothing_was_run_there_are_no_jobs_and_looking_makes_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(stdout(&tell(folder.path(), &["jobs"])), "No jobs yet.\n");
    assert!(jobs(folder.path(), &[]).is_empty());
    let unknown = tell(folder.path(), &["job", "nope"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("There is no job nope"));
    assert!(!folder.path().join("data").exists());
}

#[test]
fn an_unknown_job_is_said_to_be_unknown() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["hash-files", "--paths", "missing"]);
    let id = "0198c0de-0000-7000-8000-000000000000";
    let cases: [&[&str]; 5] = [
        &["job", id],
        &["job", id, "--json"],
        &["job", id, "--log"],
        &["cancel", id],
        &["retry", id],
    ];
    for arguments in cases {
        let output = tell(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(stderr(&output).contains(&format!("There is no job {id}")));
    }
}

#[test]
fn a_job_that_has_ended_stays_so_when_canceled_and_runs_anew_when_retried() {
    let folder = tempfile::tempdir().unwrap();
    let missing = ["hash-files", "--paths", "later", "--json"];
    let before = snapshot(&run(folder.path(), &missing));
    let id = before.job_id.as_str();
    let canceled = tell(folder.path(), &["cancel", id]);
    assert_eq!(canceled.status.code(), Some(0));
    let said = format!("Job {id} had ended already: failed.\n");
    assert_eq!(stdout(&canceled), said);

    let again = tell(folder.path(), &["retry", id]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("None of the files and folders could be read"));
    fs::write(folder.path().join("later"), "abc").unwrap();
    let again = tell(folder.path(), &["retry", id, "--json"]);
    assert_eq!(again.status.code(), Some(0));
    let job = snapshot(&again);
    assert_eq!(job.status, JobStatus::Succeeded);
    assert_eq!(job.retry_of.as_ref(), Some(&before.job_id));
    assert_eq!(job.input, before.input);
    assert_eq!(jobs(folder.path(), &[])[0], JobSummary::from(&job));
    assert_eq!(
        snapshot(&tell(folder.path(), &["job", id, "--json"])),
        before
    );
}

#[test]
fn what_one_process_runs_others_see_but_may_not_change() {
    let folder = tempfile::tempdir().unwrap();
    let mut long = LongRun::begin(folder.path(), "");
    let listed = tell(folder.path(), &["jobs", "--json"]);
    assert_eq!(stderr(&listed), "");
    let listed: Vec<JobSummary> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].status, JobStatus::Running);
    let id = listed[0].job_id.as_str();
    let shown = tell(folder.path(), &["job", id]);
    assert!(stdout(&shown).contains("status: running"), "{shown:?}");
    assert_eq!(stderr(&shown), "");

    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    let holder = format!("a command in a terminal (process {})", pid.trim());
    let changes: [&[&str]; 3] = [
        &["run", "hash-files", "--paths", "pid"],
        &["cancel", id],
        &["retry", id],
    ];
    for arguments in changes {
        let refused = tell(folder.path(), arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(refused.stdout.is_empty(), "{arguments:?}");
        assert!(stderr(&refused).contains(&holder), "{refused:?}");
    }
    let after = jobs(folder.path(), &[]);
    assert_eq!(after.len(), 1);
    assert!(!after[0].cancel_requested);
    long.press_ctrl_c();
    assert_eq!(long.ended().0, Some(130));
}

#[test]
fn a_job_whose_process_was_killed_is_told_of_settled_by_the_next_one_and_can_be_canceled() {
    let folder = tempfile::tempdir().unwrap();
    let long = LongRun::begin(folder.path(), "");
    let pid = fs::read_to_string(folder.path().join("pid")).unwrap();
    let killed = Command::new("kill").args(["-KILL", pid.trim()]).status();
    assert!(killed.unwrap().success());
    assert_ne!(long.ended().0, Some(0));

    let listed = tell(folder.path(), &["jobs", "--json"]);
    let left: Vec<JobSummary> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(left[0].status, JobStatus::Running);
    let id = left[0].job_id.as_str();
    let note = format!("Job {id} was interrupted and is settled at the next start.");
    assert!(stderr(&listed).contains(&note), "{listed:?}");
    assert!(stderr(&tell(folder.path(), &["job", id])).contains(&note));

    // A command runs its own job and nothing that was left.
    let other = run(folder.path(), &["hash-files", "--paths", "pid"]);
    assert_eq!(other.status.code(), Some(0), "{other:?}");
    let listed = tell(folder.path(), &["jobs", "--status", "queued", "--json"]);
    let left: Vec<JobSummary> = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(left[0].job_id.as_str(), id);
    let note = format!("Job {id} waits for the next window.");
    assert!(stderr(&listed).contains(&note), "{listed:?}");
    let refused = tell(folder.path(), &["retry", id]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("has not ended yet"));

    let canceled = tell(folder.path(), &["cancel", id]);
    assert_eq!(stdout(&canceled), format!("Job {id} is canceled.\n"));
    assert_eq!(canceled.status.code(), Some(0));
    let job = snapshot(&tell(folder.path(), &["job", id, "--json"]));
    assert_eq!(job.status, JobStatus::Canceled);
}
