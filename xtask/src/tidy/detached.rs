//! No task and no thread without an owner: they are begun in a few named places, each of which says
//! who waits for them or stops them. Everything else takes a service, an `OwnedTask`, the blocking
//! pool or a scope.
//!
//! A `JoinSet` and a scope of threads end with what holds them, so both may stand anywhere. Tests
//! end with their process.

use super::{File, Finding, Tree, source};

const SPAWNS: &[&str] = &[
    "tokio::spawn(",
    "task::spawn(",
    "async_runtime::spawn(",
    "async_runtime::spawn_blocking(",
    "spawn_blocking(",
    "spawn_on(",
    "thread::spawn(",
    "thread::Builder::new(",
    "runtime.spawn(",
    "handle.spawn(",
    "Handle::current().spawn(",
];

/// Who may begin what, with a word on who ends it beside it.
const PLACES: &[&str] = &[
    // Tasks that end with their owner; services are kept by such.
    "src-tauri/engine/src/services/owned_task.rs",
    // Attempts, which the engine waits for when it closes.
    "src-tauri/engine/src/runtime/runners.rs",
    // Reads and the last writes, which are awaited on the spot.
    "src-tauri/engine/src/runtime/job_manager.rs",
    "src-tauri/engine/src/runtime/closing.rs",
    "src-tauri/engine/src/health/monitor.rs",
    "src-tauri/engine/src/runtime/outside_notes.rs",
    "src-tauri/engine/src/permissions/mod.rs",
    "src-tauri/engine/src/secrets/api.rs",
    "src-tauri/engine/src/settings/mod.rs",
    "src-tauri/app/src/off_thread.rs",
    // The one thread that writes.
    "src-tauri/engine/src/store/handle.rs",
    // Blocking work of jobs, bounded and counted.
    "src-tauri/toolkit/src/blocking.rs",
    // Threads that are joined by what they are fields of.
    "src-tauri/tools/src/compress/out.rs",
    "src-tauri/tools/src/compress/pipeline.rs",
];

/// Test kits, which end with their process.
const TEST_KITS: &[&str] = &["src-tauri/toolkit/src/testing/", "src-tauri/src/test_"];

/// Looks at what is no test.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let looked_at = tree.rust().filter(|file| is_looked_at(file));
    looked_at.flat_map(spawns).collect()
}

fn is_looked_at(file: &File) -> bool {
    let is_ours = ["src-tauri/", "shared/", "tests/ipc-lab/src/"]
        .iter()
        .any(|folder| file.path.starts_with(folder));
    let is_kit = TEST_KITS.iter().any(|kit| file.path.starts_with(kit));
    let is_lab = file.path.starts_with("tests/ipc-lab/src/");
    let only_tests = file.is_test() || file.path.ends_with("/interleavings.rs");
    is_ours && !is_kit && (is_lab || !only_tests)
}

fn spawns(file: &File) -> Vec<Finding> {
    let is_a_place = PLACES.contains(&file.path.as_str());
    source::code_lines(&file.text)
        .filter(|(_, line)| begins_something(line))
        .filter_map(|(number, _)| {
            let message = if !is_a_place {
                "begins a task or a thread: make it a service, an OwnedTask, or work for the \
                 blocking pool; the places that may begin one stand in xtask/src/tidy/detached.rs"
            } else if source::has_reason(&file.text, number, "// joined:") {
                return None;
            } else {
                "begins a task or a thread: say `// joined: by whom` beside it"
            };
            Some(Finding::at(file, number, message))
        })
        .collect()
}

fn begins_something(line: &str) -> bool {
    let is_definition = line.contains("fn spawn") || line.trim_start().starts_with("use ");
    // An owned task ends with its owner: that is what it is for.
    let is_owned = line.contains("OwnedTask::spawn");
    !is_definition && !is_owned && SPAWNS.iter().any(|spawn| line.contains(spawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        Tree::of(&[(path, text)]).lines_with(check)
    }

    #[test]
    fn whatever_begins_a_task_or_a_thread_is_found_outside_the_named_places() {
        for spawn in SPAWNS {
            let code = format!("let x = {spawn}work);\n");
            assert_eq!(lines("src-tauri/app/src/a.rs", &code), [1], "{spawn}");
            // A word beside it doesn't make it a named place.
            let said = format!("// joined: by me\n{code}");
            assert_eq!(lines("src-tauri/src/a.rs", &said), [2], "{spawn}");
        }
    }

    #[test]
    fn a_named_place_says_who_ends_what_it_begins() {
        let place = PLACES[0];
        let code = "let task = runtime.spawn(work);\n";
        assert_eq!(lines(place, code), [1]);
        assert!(lines(place, &format!("// joined: by drop\n{code}")).is_empty());
    }

    #[test]
    fn what_ends_with_its_owner_may_stand_anywhere() {
        let code = "let task = OwnedTask::spawn(work);\nscope.spawn(work);\nset.spawn(work);\n\
            use tokio::task::spawn_blocking;\npub fn spawn_on(x: u8) {}\n";
        assert!(lines("src-tauri/app/src/a.rs", code).is_empty());
    }

    #[test]
    fn tests_are_left_alone() {
        let code = "#[cfg(test)]\nmod tests {\n    tokio::spawn(x);\n}\n";
        assert!(lines("src-tauri/app/src/a.rs", code).is_empty());
        let code = "tokio::spawn(x);\n";
        assert!(lines("src-tauri/engine/tests/a.rs", code).is_empty());
    }
}
