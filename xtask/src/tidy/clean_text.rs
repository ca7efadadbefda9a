//! Text that belongs to one machine, to one registry or to tomorrow; waiting without a word.
//!
//! This folder is left out: it must spell what it forbids.

use super::{File, Finding, Tree, source};

const LEFT_OUT: &str = "xtask/src/tidy/";

/// Folders that exist on somebody's machine.
const MACHINE_PATHS: &[&str] = &["/root/", "/work/"];
/// Homes of nobody in particular, as examples have them.
const MADE_UP_HOMES: &[&str] = &["me/", "you/", "user/"];
const REGISTRIES: &[&str] = &[
    "static.crates.io",
    "index.crates.io",
    "registry.npmjs.org",
    "registry.yarnpkg.com",
    "pypi.org",
    "files.pythonhosted.org",
    "deb.debian.org",
    "archive.ubuntu.com",
    "static.rust-lang.org",
];
const UNFINISHED: &[&str] = &["TODO", "FIXME", "unimplemented!", "todo!("];

/// Looks at all text except lock files, and at Rust code for waiting.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| !is_left_out(file)) {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(message) = unclean(line) {
                findings.push(Finding::at(file, index + 1, message));
            }
        }
        if file.path.ends_with(".rs") {
            findings.extend(sleeps(file));
        }
    }
    findings
}

fn is_left_out(file: &File) -> bool {
    file.path.starts_with(LEFT_OUT) || file.is_lock()
}

fn unclean(line: &str) -> Option<String> {
    if MACHINE_PATHS.iter().any(|path| has_absolute(line, path)) || has_home(line) {
        return Some("a path of one machine; name it relative to the repository".to_owned());
    }
    if let Some(host) = REGISTRIES.iter().find(|host| line.contains(*host)) {
        return Some(format!(
            "the address {host}; the ordinary clients know where to ask"
        ));
    }
    let mark = UNFINISHED.iter().find(|mark| has_word(line, mark))?;
    Some(format!(
        "{mark}: finish it, or write an issue and take the mark away"
    ))
}

/// The path at its beginning, and not `src/root/` or an address that contains it.
fn has_absolute(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(position, _)| begins_path(&line[..position]))
}

fn has_home(line: &str) -> bool {
    line.match_indices("/home/").any(|(position, found)| {
        let rest = &line[position + found.len()..];
        begins_path(&line[..position])
            && rest.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && !MADE_UP_HOMES.iter().any(|home| rest.starts_with(home))
    })
}

fn begins_path(before: &str) -> bool {
    !before.ends_with(|letter: char| letter.is_alphanumeric() || "._-~}>)]".contains(letter))
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(position, _)| {
        let after = &line[position + word.len()..];
        let goes_on = word.ends_with(part_of_word) && after.starts_with(part_of_word);
        !line[..position].ends_with(part_of_word) && !goes_on
    })
}

fn sleeps(file: &File) -> Vec<Finding> {
    if file.path.starts_with("xtask/") {
        return Vec::new();
    }
    let lines = file
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| !source::is_comment(line));
    lines
        .filter(|(_, line)| is_sleep(line))
        .filter(|(index, _)| !source::has_reason(&file.text, index + 1, "// sleep:"))
        .map(|(index, _)| {
            let message = "sleeps without a reason: wait for what happens, or say `// sleep: why`";
            Finding::at(file, index + 1, message)
        })
        .collect()
}

/// A call, however the function was brought into scope; a method of that name is something else.
fn is_sleep(line: &str) -> bool {
    if line.trim_start().starts_with("use ") {
        return false;
    }
    line.contains("thread::sleep")
        || line.match_indices("sleep(").any(|(position, _)| {
            let before = &line[..position];
            let is_path = before.ends_with("time::");
            let is_bare = !before
                .ends_with(|letter: char| letter.is_alphanumeric() || "_.:".contains(letter));
            is_path || (is_bare && !before.ends_with("fn "))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        Tree::of(&[(path, text)]).lines_with(check)
    }

    #[test]
    fn paths_of_one_machine_are_found_and_relative_ones_are_not() {
        assert_eq!(
            lines("a.md", "see /root/x\nor \"/work/y\"\nor /home/ann/z\n"),
            [1, 2, 3]
        );
        assert!(
            lines(
                "a.md",
                "src/root/x, a/work/b, ~/home/, $HOME/x, /home/<name>/x, /home/me/x\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn addresses_of_registries_are_found_except_in_lock_files() {
        assert_eq!(
            lines("a.toml", "url = \"https://static.crates.io/x\"\n"),
            [1]
        );
        assert!(
            lines(
                "npm/package-lock.json",
                "\"https://registry.npmjs.org/x\"\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn marks_of_unfinished_work_are_found_as_words() {
        assert_eq!(
            lines("a.rs", "// TODO later\ntodo!(\"x\");\nunimplemented!();\n"),
            [1, 2, 3]
        );
        assert!(lines("a.rs", "const TODOS: u8 = 1;\nmy_todo!();\n").is_empty());
    }

    #[test]
    fn sleeping_needs_a_reason() {
        let path = "src-tauri/engine/src/a.rs";
        assert_eq!(
            lines(
                path,
                "std::thread::sleep(x);\ntokio::time::sleep(x).await;\n"
            ),
            [1, 2]
        );
        assert_eq!(
            lines(path, "use tokio::time::sleep;\nsleep(x).await;\n"),
            [2]
        );
        assert!(lines(path, "// sleep: the disk needs it\nthread::sleep(x);\n").is_empty());
        assert!(
            lines(
                path,
                "clock.sleep(x);\nfn sleep(x: u8) {}\nlet y = sleep_until(x);\n"
            )
            .is_empty()
        );
        let test = "#[cfg(test)]\nmod tests {\n    thread::sleep(x);\n}\n";
        assert_eq!(lines(path, test), [3]);
    }

    #[test]
    fn the_rules_themselves_are_left_out() {
        assert!(lines("xtask/src/tidy/x.rs", "const A: &str = \"TODO\";\n").is_empty());
    }
}
