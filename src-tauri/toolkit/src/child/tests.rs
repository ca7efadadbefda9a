//! Real programs. A pipe whose writing end all of them hold tells when the last of them is gone.

use std::{fs, path::Path, process, thread};

use tempfile::TempDir;
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};
use toolroom_shared::JobId;

use super::*;

/// Far beyond what any of it takes; nobody waits for it but a test that fails.
const LONG: Duration = Duration::from_secs(30);

/// A script whose processes all hold the writing end of a pipe, and what becomes ready when the
/// last of them is gone.
fn watched(script: &str) -> (ChildProgram<'static>, oneshot::Receiver<()>) {
    let folder = TempDir::new().unwrap();
    let alive = folder.path().join("alive");
    let made = process::Command::new("mkfifo").arg(&alive).status();
    assert!(made.unwrap().success());
    let mut command = shell(&format!("exec 3>\"$ALIVE\"\n{script}"));
    command.env("ALIVE", &alive);
    let (gone, all_gone) = oneshot::channel();
    // A thread of its own: a runtime would wait for it when a test fails.
    thread::spawn(move || {
        fs::read(&alive).unwrap();
        drop(folder);
        let _ = gone.send(());
    });
    (command.into(), all_gone)
}

fn shell(script: &str) -> process::Command {
    let mut command = process::Command::new("sh");
    command.args(["-c", script]);
    command
}

fn context() -> ToolExecutionContext {
    ToolExecutionContext::new(JobId("job".to_owned()))
}

/// Not even waiting for its parent to ask how it ended. Only Linux can tell.
fn is_reaped(pid: &str) -> bool {
    !Path::new("/proc").join(pid).exists()
}

async fn soon<T>(what: impl Future<Output = T> + Send) -> T {
    timeout(LONG, what).await.expect("takes too long")
}

fn sentence(end: Result<ChildEnd, ToolError>) -> (ErrorCode, String) {
    match end {
        Err(ToolError::Failed(failure)) => (failure.error.code, failure.error.message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn output_and_exit_code_arrive_and_stderr_is_logged() {
    let ctx = context();
    let script = shell("cat; echo one >&2; printf two >&2; exit 3");
    let program = ChildProgram::from(script).stdin("a\nb");
    let end = soon(ctx.run_child(program)).await.unwrap();
    assert_eq!((end.code, end.stdout.as_slice()), (Some(3), &b"a\nb"[..]));
    assert!(!end.success());
    let (lines, _) = ctx.log.take();
    let lines: Vec<_> = lines.into_iter().map(|line| line.text).collect();
    assert_eq!(lines, ["one", "two"]);
}

#[tokio::test]
async fn lines_go_where_the_tool_wants_them() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let program = ChildProgram::from(shell("echo a; echo b; echo c >&2"))
        .on_stdout_line(|line| {
            out.push(line.to_owned());
            Ok(())
        })
        .on_stderr_line(|line| err.push(line.to_owned()));
    let end = soon(context().run_child(program)).await.unwrap();
    assert!(end.success() && end.stdout.is_empty());
    assert_eq!((out, err), (vec!["a".into(), "b".into()], vec!["c".into()]));
}

#[tokio::test]
async fn full_pipes_hold_up_neither_side() {
    let ctx = context();
    let count = 300_000;
    let script = format!("head -c {count} /dev/zero >&2; cat; head -c {count} /dev/zero >&2");
    let program = ChildProgram::from(shell(&script)).stdin(vec![b'a'; count]);
    let end = soon(ctx.run_child(program)).await.unwrap();
    assert_eq!((end.code, end.stdout.len()), (Some(0), count));

    let unread = ChildProgram::from(shell("exit 0")).stdin(vec![0; 1 << 20]);
    assert!(soon(ctx.run_child(unread)).await.unwrap().success());
    let closed = soon(ctx.run_child(shell("cat"))).await.unwrap();
    assert!(closed.success() && closed.stdout.is_empty());
}

#[tokio::test]
async fn a_cancel_ends_the_program_and_its_children() {
    let ctx = context();
    let (program, all_gone) = watched("sleep 600 & echo $$; wait");
    let mut pid = String::new();
    let program = program.on_stdout_line(|line| {
        pid = line.to_owned();
        ctx.cancel.cancel();
        Ok(())
    });
    let end = soon(ctx.run_child(program)).await;
    assert_eq!(end, Err(ToolError::canceled()));
    soon(all_gone).await.unwrap();
    assert!(is_reaped(&pid));

    let end = soon(ctx.run_child(shell("exit 0"))).await;
    assert_eq!(end, Err(ToolError::canceled()), "it is not even started");
}

#[tokio::test]
async fn who_is_asked_to_end_has_time_to_tidy_up() {
    let ctx = context();
    // It is busy by itself: a shell that starts a child may lose the request to that child.
    let (mut program, all_gone) =
        watched("trap 'echo tidied >&2; exit' TERM; echo ready; while :; do :; done");
    program.grace = LONG;
    let program = program.on_stdout_line(|_| {
        ctx.cancel.cancel();
        Ok(())
    });
    let end = soon(ctx.run_child(program)).await;
    assert_eq!(end, Err(ToolError::canceled()));
    soon(all_gone).await.unwrap();
    let (lines, _) = ctx.log.take();
    assert!(lines.iter().any(|line| line.text == "tidied"), "{lines:?}");
}

#[tokio::test]
async fn who_ignores_that_is_killed_after_the_grace() {
    let ctx = context();
    let (mut program, all_gone) = watched("trap '' TERM; sleep 600 & echo $$; wait");
    let grace = Duration::from_millis(100);
    program.grace = grace;
    let (mut pid, mut asked) = (String::new(), Instant::now());
    let program = program.on_stdout_line(|line| {
        (pid, asked) = (line.to_owned(), Instant::now());
        ctx.cancel.cancel();
        Ok(())
    });
    let end = soon(ctx.run_child(program)).await;
    assert_eq!(end, Err(ToolError::canceled()));
    let took = asked.elapsed();
    assert!((grace..grace + KILL_PATIENCE).contains(&took), "{took:?}");
    assert!(is_reaped(&pid));
    soon(all_gone).await.unwrap();
}

#[tokio::test]
async fn children_that_outlive_the_program_hold_up_nothing_and_die() {
    for script in [
        "sleep 600 & echo done; exit 7",
        "sleep 600 > /dev/null 2>&1 & echo done; exit 7",
        "(trap '' TERM HUP; sleep 600) & echo done; exit 7",
    ] {
        let (program, all_gone) = watched(script);
        let end = soon(context().run_child(program)).await.unwrap();
        assert_eq!((end.code, end.stdout.as_slice()), (Some(7), &b"done\n"[..]));
        soon(all_gone).await.unwrap();
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn who_leaves_the_group_with_the_pipes_holds_up_nothing() {
    let (program, mut all_gone) = watched(
        "setsid sh -c 'echo $$; : > \"$ALIVE.left\"; exec sleep 600' &
        while [ ! -e \"$ALIVE.left\" ]; do :; done",
    );
    let end = soon(context().run_child(program)).await.unwrap();
    assert!(all_gone.try_recv().is_err(), "it lives on");
    let pid = String::from_utf8(end.stdout).unwrap();
    assert!(shell(&format!("kill {pid}")).status().unwrap().success());
    soon(all_gone).await.unwrap();
}

#[tokio::test]
async fn dropping_the_future_kills_them_all() {
    let ctx = context();
    let ready = Notify::new();
    let (program, all_gone) = watched("trap '' TERM; sleep 600 & echo ready; wait");
    let program = program.on_stdout_line(|_| {
        ready.notify_one();
        Ok(())
    });
    tokio::select! {
        end = ctx.run_child(program) => panic!("{end:?}"),
        () = ready.notified() => {}
    }
    soon(all_gone).await.unwrap();
}

#[tokio::test]
async fn too_much_output_is_an_error_and_ends_the_program() {
    let (program, all_gone) = watched("trap '' PIPE TERM; sleep 600 & yes; sleep 600");
    let end = soon(context().run_child(program.stdout_limit(10_000))).await;
    let (code, message) = sentence(end);
    assert_eq!(code, ErrorCode::Tool("too_much_output".to_owned()));
    assert_eq!(
        message,
        "sh was ended: it wrote more than 10000 bytes, the most it may."
    );
    soon(all_gone).await.unwrap();

    let enough = ChildProgram::from(shell("printf 1234")).stdout_limit(4);
    let end = soon(context().run_child(enough)).await.unwrap();
    assert_eq!(end.stdout, b"1234");
}

#[tokio::test]
async fn a_line_that_is_refused_ends_the_program() {
    let (program, all_gone) = watched("echo what; sleep 600");
    let refusal = ToolError::failed(ErrorCode::Io, "No such words.");
    let program = program.on_stdout_line(|_| Err(refusal.clone()));
    let end = soon(context().run_child(program)).await;
    assert_eq!(end, Err(refusal));
    soon(all_gone).await.unwrap();
}

#[tokio::test]
async fn a_signal_leaves_no_exit_code() {
    let end = soon(context().run_child(shell("kill -9 $$"))).await;
    assert_eq!(end.unwrap().code, None);
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_a_sentence() {
    let end = context()
        .run_child(process::Command::new("no-such-tool"))
        .await;
    let missing = "Could not start no-such-tool: there is no such program.";
    assert_eq!(sentence(end), (ErrorCode::Io, missing.to_owned()));

    let folder = TempDir::new().unwrap();
    let file = folder.path().join("text");
    fs::write(&file, "no program").unwrap();
    let end = context().run_child(process::Command::new(&file)).await;
    let forbidden = format!(
        "Could not start {}: running it is not permitted.",
        file.display()
    );
    assert_eq!(sentence(end), (ErrorCode::Io, forbidden));

    let nowhere = folder.path().join("nowhere");
    let mut command = shell("exit 0");
    command.current_dir(&nowhere);
    let end = context().run_child(command).await;
    let lost = format!(
        "Could not start sh in the folder {}: the program or the folder is not there.",
        nowhere.display()
    );
    assert_eq!(sentence(end), (ErrorCode::Io, lost));
}
