//! What is typed is what is asked for.

use super::*;
use serde_json::json;

fn tools() -> Vec<ToolDefinition> {
    toolroom_app::registry().unwrap().definitions()
}

fn parse(line: &[&str]) -> Result<Request, AppError> {
    let tools = tools();
    let words = ["toolroom"].iter().chain(line);
    request(&command(&tools).get_matches_from(words), &tools)
}

/// Runs a tool that takes `paths`.
fn parse_run(line: &[&str]) -> Result<RunRequest, AppError> {
    let takes_paths = |tool: &ToolDefinition| tool.input_schema["properties"]["paths"].is_object();
    let name = tools().into_iter().find(takes_paths).unwrap().name;
    match parse(&[&["run", name.as_str()], line].concat())?.wanted {
        Wanted::Run(run) => Ok(run),
        _ => panic!("a run was asked for"),
    }
}

fn parse_jobs(line: &[&str]) -> JobsRequest {
    match parse(&[&["jobs"], line].concat()).unwrap().wanted {
        Wanted::Jobs(jobs) => jobs,
        _ => panic!("jobs were asked for"),
    }
}

#[test]
fn the_command_is_well_formed_for_every_tool() {
    command(&tools()).debug_assert();
}

#[test]
fn fields_go_over_the_input_they_are_given_with() {
    let run = parse_run(&[
        "--input",
        r#"{"paths":["/a"],"overwrite":true}"#,
        "--paths",
        "/b",
        "c",
    ]);
    let here = std::env::current_dir().unwrap();
    assert_eq!(
        run.unwrap().input,
        json!({ "paths": ["/b", here.join("c")], "overwrite": true })
    );
}

#[test]
fn input_that_is_no_json_is_bad_input() {
    let refused = parse_run(&["--input", "{"]).err().unwrap();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
}

#[test]
fn the_data_folder_can_be_said_before_and_after_any_command() {
    let run = tools()[0].name.clone();
    let lines: [&[&str]; 4] = [
        &["run", run.as_str(), "--data-dir", "d"],
        &["--data-dir", "d", "run", run.as_str()],
        &["jobs", "--data-dir", "d"],
        &["--data-dir", "d", "cancel", "id"],
    ];
    for line in lines {
        let asked = parse(line).unwrap();
        assert_eq!(asked.data_dir, Some("d".into()), "{line:?}");
    }
}

#[test]
fn statuses_add_up_however_they_are_given() {
    let asked = parse_jobs(&["--status", "failed", "--status", "queued,running"]);
    assert_eq!(
        asked.statuses,
        [JobStatus::Queued, JobStatus::Running, JobStatus::Failed]
    );
}

#[test]
fn a_list_has_fifty_jobs_and_every_status_unless_it_is_said() {
    let nothing_said = JobsRequest {
        statuses: Vec::new(),
        search: None,
        limit: 50,
        json: false,
    };
    assert_eq!(parse_jobs(&[]), nothing_said);
}

#[test]
fn a_status_that_is_none_and_a_list_of_no_jobs_are_refused() {
    for line in [["--status", "done"], ["--limit", "0"]] {
        let words = ["toolroom", "jobs"].iter().chain(&line);
        assert!(
            command(&[]).try_get_matches_from(words).is_err(),
            "{line:?}"
        );
    }
}

#[test]
fn a_job_is_named_by_its_id() {
    let Wanted::Job(asked) = parse(&["job", "abc", "--log"]).unwrap().wanted else {
        panic!("a job was asked for");
    };
    let job_id = JobId("abc".into());
    let wanted = JobRequest {
        job_id,
        log: true,
        json: false,
    };
    assert_eq!(asked, wanted);
}

#[tokio::test]
async fn a_preset_is_the_input_and_fields_go_over_it() {
    let folder = tempfile::tempdir().unwrap();
    let tools = tools();
    let takes_paths = |tool: &&ToolDefinition| tool.input_schema["properties"]["paths"].is_object();
    let name = tools.iter().find(takes_paths).unwrap().name.clone();
    let presets = toolroom_app::presets(Some(folder.path().to_owned()), &tools).unwrap();
    let preset = toolroom_shared::Preset {
        name: "Two words".into(),
        input: json!({ "paths": ["/a"], "other": 1 }),
    };
    presets.save(name.clone(), preset, None).await.unwrap();
    let data_dir = folder.path().to_str().unwrap();
    let line = |preset| {
        let line = [
            "run",
            &name,
            "--preset",
            preset,
            "--paths",
            "/b",
            "--data-dir",
            data_dir,
        ];
        parse(&line).map(|asked| asked.wanted)
    };
    let Wanted::Run(run) = line("Two words").unwrap() else {
        panic!("a run was asked for");
    };
    assert_eq!(run.input, json!({ "paths": ["/b"], "other": 1 }));
    let unknown = line("Three").err().unwrap();
    assert_eq!(unknown.code, ErrorCode::UnknownPreset);
}
