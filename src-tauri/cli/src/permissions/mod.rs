//! `toolroom permissions`: shows and changes what callers may do, and answers their questions, also
//! while another process runs the engine, which notices within a second.

mod arguments;

use std::path::{Path, PathBuf};

use serde_json::json;
use toolroom_engine::PermissionFiles;
use toolroom_shared::{
    AppError, Caller, ErrorCode, Grant, Policy, Question, QuestionAnswer, QuestionId, SpawnGrant,
    ToolDefinition,
};

pub use arguments::{MoreGranted, PermissionsRequest, command, request};

use crate::{render, times};

/// Does what was asked for.
///
/// # Errors
/// `unknown_tool` and `invalid_input`, for what can't be granted; `invalid_query`, for a question that
/// isn't open; `storage`, when policy or questions can't be read or written.
pub fn run(
    data_dir: Option<PathBuf>,
    request: PermissionsRequest,
    tools: &[ToolDefinition],
) -> Result<(), AppError> {
    let files = toolroom_app::permission_files(data_dir, Caller::Terminal)?;
    let text = match request {
        PermissionsRequest::Show { caller, json } => show(&files, caller.as_ref(), json)?,
        PermissionsRequest::Grant(more) => grant(&files, *more, tools)?,
        PermissionsRequest::Revoke { caller } => revoke(&files, &caller)?,
        PermissionsRequest::Questions { json: true } => render::json(&files.questions()?)?,
        PermissionsRequest::Questions { json: false } => questions(&files.questions()?),
        PermissionsRequest::Answer { id, answer } => said(&files, id, answer)?,
    };
    render::print(&text);
    Ok(())
}

fn show(files: &PermissionFiles, caller: Option<&Caller>, json: bool) -> Result<String, AppError> {
    let mut policy = files.policy()?;
    if let Some(caller) = caller {
        policy.grants.retain(|given| given.caller == *caller);
    }
    if json {
        return render::json(&policy);
    }
    Ok(match (policy.grants.is_empty(), caller) {
        (true, Some(caller)) => format!("Nothing is granted to {caller}."),
        (true, None) => "Nothing is granted to anybody.".to_owned(),
        (false, _) => text(&policy),
    })
}

fn text(policy: &Policy) -> String {
    let sections = policy
        .grants
        .iter()
        .map(|given| format!("{}\n{}", given.caller, facts(&given.grant)));
    sections.collect::<Vec<_>>().join("\n\n")
}

fn facts(grant: &Grant) -> String {
    let list = |texts: &[String]| (!texts.is_empty()).then(|| texts.join(", "));
    let hosts: Vec<_> = grant.hosts.iter().map(ToString::to_string).collect();
    let secrets: Vec<_> = grant
        .secrets
        .iter()
        .map(|name| name.as_str().to_owned())
        .collect();
    let facts = [
        (
            "tools",
            match grant.all_tools {
                true => Some("all".to_owned()),
                false => list(&grant.tools).or(Some("none".to_owned())),
            },
        ),
        ("reads in", list(&grant.read)),
        ("writes in", list(&grant.write)),
        ("never asked about", list(&grant.refused_paths)),
        ("asks", list(&hosts)),
        (
            "programs",
            match grant.spawn {
                SpawnGrant::Ask => None,
                SpawnGrant::Allowed => Some("allowed".to_owned()),
                SpawnGrant::Refused => Some("refused".to_owned()),
            },
        ),
        ("uses the secrets", list(&secrets)),
        ("starts a minute", Some(grant.starts_per_minute.to_string())),
        (
            "jobs of others",
            grant.others_jobs.then(|| "seen and canceled".to_owned()),
        ),
    ];
    let lines = facts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("  {name}: {}", render::escaped(&value?))));
    lines.collect::<Vec<_>>().join("\n")
}

fn grant(
    files: &PermissionFiles,
    more: MoreGranted,
    tools: &[ToolDefinition],
) -> Result<String, AppError> {
    if let Some(unknown) = more
        .tools
        .iter()
        .find(|name| tools.iter().all(|tool| tool.name != **name))
    {
        let known: Vec<_> = tools.iter().map(|tool| tool.name.as_str()).collect();
        return Err(AppError::new(
            ErrorCode::UnknownTool,
            format!(
                "There is no tool named {unknown}, so nothing was granted. There are: {}.",
                known.join(", ")
            ),
        ));
    }
    let (read, write) = (whole(&more.read)?, whole(&more.write)?);
    let caller = more.caller;
    let policy = files.change_policy(|policy| {
        let grant = policy.grant_mut(&caller);
        grant.all_tools |= more.all_tools;
        add(&mut grant.tools, more.tools);
        add(&mut grant.read, read);
        add(&mut grant.write, write);
        add(&mut grant.hosts, more.hosts);
        if more.spawn {
            grant.spawn = SpawnGrant::Allowed;
        }
        add(&mut grant.secrets, more.secrets);
        grant.starts_per_minute = more.rate.unwrap_or(grant.starts_per_minute);
        grant.others_jobs |= more.others_jobs;
    })?;
    let granted = policy.grant(&caller).map(facts).unwrap_or_default();
    Ok(format!("{caller}\n{granted}"))
}

fn add<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

/// Relative paths are meant against the folder in which this was typed.
fn whole(paths: &[PathBuf]) -> Result<Vec<String>, AppError> {
    let whole = |path: &Path| {
        let path = std::path::absolute(path).ok()?;
        path.into_os_string().into_string().ok()
    };
    paths
        .iter()
        .map(|path| {
            whole(path).ok_or_else(|| {
                let message = format!(
                    "{} can't be granted: its name isn't UTF-8. Nothing was granted.",
                    path.display()
                );
                AppError::new(ErrorCode::InvalidInput, message)
            })
        })
        .collect()
}

fn revoke(files: &PermissionFiles, caller: &Caller) -> Result<String, AppError> {
    let mut had = false;
    files.change_policy(|policy| had = policy.revoke(caller))?;
    Ok(match had {
        true => format!("{caller} may do nothing any more. What it has started goes on."),
        false => format!("Nothing was granted to {caller}."),
    })
}

fn questions(open: &[Question]) -> String {
    if open.is_empty() {
        return "No question is open.".to_owned();
    }
    let rows: Vec<_> = open
        .iter()
        .map(|question| {
            json!({
                "id": question.id,
                "caller": question.caller.to_string(),
                "tool": question.tool_name,
                "wants": wants(question),
                "asked": times::full(&question.asked_at),
            })
        })
        .collect();
    render::table(&rows)
}

fn wants(question: &Question) -> String {
    let read = question.read.iter().map(|path| format!("read {path}"));
    let write = question.write.iter().map(|path| format!("write in {path}"));
    let spawn = question.spawn.then(|| "start programs".to_owned());
    read.chain(write)
        .chain(spawn)
        .collect::<Vec<_>>()
        .join("; ")
}

fn said(
    files: &PermissionFiles,
    id: QuestionId,
    answer: QuestionAnswer,
) -> Result<String, AppError> {
    let question = files.answer(id, answer)?;
    let what = match answer.allows() {
        true => "allowed",
        false => "refused",
    };
    let how_long = match answer.is_remembered() {
        true => "from now on",
        false => "this once",
    };
    Ok(format!(
        "{} is {what}, {how_long}, to {} with {}.",
        question.caller,
        render::escaped(&wants(&question)),
        question.tool_name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_granted_adds_up_and_goes_at_once() {
        let folder = tempfile_folder("adds-up");
        let files = PermissionFiles::in_folder(&folder);
        let tools = toolroom_app::registry().unwrap().definitions();
        let name = tools[0].name.clone();
        let caller: Caller = "http:desk".parse().unwrap();
        let more = |tools: Vec<String>, read: &str| MoreGranted {
            caller: caller.clone(),
            all_tools: false,
            tools,
            read: vec![read.into()],
            write: Vec::new(),
            hosts: Vec::new(),
            spawn: false,
            secrets: Vec::new(),
            rate: Some(5),
            others_jobs: false,
        };
        grant(&files, more(vec![name.clone()], "/a"), &tools).unwrap();
        let shown = grant(&files, more(vec![], "/b"), &tools).unwrap();
        assert_eq!(
            shown,
            format!("http:desk\n  tools: {name}\n  reads in: /a, /b\n  starts a minute: 5")
        );
        let refused = grant(&files, more(vec!["no-tool".into()], "/c"), &tools).unwrap_err();
        assert_eq!(refused.code, ErrorCode::UnknownTool);
        assert_eq!(show(&files, None, false).unwrap(), shown);
        revoke(&files, &caller).unwrap();
        assert_eq!(
            show(&files, None, false).unwrap(),
            "Nothing is granted to anybody."
        );
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_persons_own_rights_are_nobodys_to_grant() {
        let folder = tempfile_folder("persons");
        let files = PermissionFiles::in_folder(&folder);
        let more = MoreGranted {
            caller: Caller::Window,
            all_tools: true,
            tools: Vec::new(),
            read: Vec::new(),
            write: Vec::new(),
            hosts: Vec::new(),
            spawn: false,
            secrets: Vec::new(),
            rate: None,
            others_jobs: false,
        };
        let refused = grant(&files, more, &[]).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn tempfile_folder(name: &str) -> PathBuf {
        let folder = format!("toolroom-permissions-{name}-{}", std::process::id());
        std::env::temp_dir().join(folder)
    }
}
