//! Ignore files mean what they mean to the programs that people search with.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use ignore::WalkBuilder;
use proptest::prelude::*;

use super::{ctx, walk};
use crate::{
    testing::TestFolder,
    walk::{Entry, IgnoreRules, OverrideBuilder, TypesBuilder},
};

/// What the crate `ignore` walks, which is what ripgrep searches.
fn by_reference(root: &Path, rules: &IgnoreRules) -> BTreeSet<PathBuf> {
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(rules.hidden)
        .parents(rules.parents)
        .ignore(rules.dot_ignore)
        .git_ignore(rules.git)
        .git_exclude(rules.git)
        .git_global(rules.git)
        .require_git(rules.require_git)
        .overrides(rules.overrides.clone())
        .types(rules.types.clone());
    for name in &rules.more_names {
        builder.add_custom_ignore_filename(name);
    }
    let files = builder.build().map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(|entry| entry.into_path())
        .collect()
}

fn by_us(root: &Path, rules: &IgnoreRules) -> BTreeSet<PathBuf> {
    let ctx = ctx();
    let listing = walk(&ctx, root).ignoring(rules.clone()).list().unwrap();
    listing.entries.iter().map(Entry::path).collect()
}

fn rules() -> impl Strategy<Value = IgnoreRules> {
    let flags = proptest::array::uniform5(proptest::bool::weighted(0.7));
    let overrides = proptest::collection::vec(glob(), 0..3);
    let types = proptest::option::weighted(0.2, proptest::bool::ANY);
    (flags, overrides, proptest::bool::ANY, types).prop_map(
        |([git, require_git, dot_ignore, parents, hidden], globs, more, types)| {
            let mut overrides = OverrideBuilder::new("/");
            for glob in globs {
                overrides.add(&glob).unwrap();
            }
            let mut selected = TypesBuilder::new();
            selected.add("t", "*.t").unwrap();
            match types {
                Some(true) => selected.select("t"),
                Some(false) => selected.negate("t"),
                None => &mut selected,
            };
            IgnoreRules {
                git,
                require_git,
                dot_ignore,
                parents,
                hidden,
                more_names: more.then(|| ".more".into()).into_iter().collect(),
                overrides: overrides.build().unwrap(),
                types: selected.build().unwrap(),
            }
        },
    )
}

fn glob() -> impl Strategy<Value = String> {
    let body = prop_oneof![
        Just("a"),
        Just("b/"),
        Just("*.t"),
        Just("/a"),
        Just("a/b"),
        Just("**/b"),
        Just("a/**"),
        Just(".h"),
        Just("*"),
        Just("[ab]"),
    ];
    (proptest::bool::weighted(0.3), body)
        .prop_map(|(is_taken_back, body)| format!("{}{body}", if is_taken_back { "!" } else { "" }))
}

fn file() -> impl Strategy<Value = (String, String)> {
    let folder = prop_oneof![
        Just(""),
        Just("a/"),
        Just("b/"),
        Just("a/b/"),
        Just(".h/"),
        Just("c/a/")
    ];
    let plain = prop_oneof![Just("a"), Just("b"), Just("x.t"), Just(".h"), Just("y")];
    let rules = prop_oneof![
        Just(".gitignore"),
        Just(".ignore"),
        Just(".more"),
        Just(".git/info/exclude"),
    ];
    let lines = proptest::collection::vec(glob(), 1..4).prop_map(|lines| lines.join("\n"));
    prop_oneof![
        3 => (folder.clone(), plain).prop_map(|(folder, name)| (format!("{folder}{name}"), String::new())),
        2 => (folder, rules, lines).prop_map(|(folder, name, lines)| (format!("{folder}{name}"), lines)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn ignore_files_mean_what_they_mean_to_ripgrep(
        files in proptest::collection::vec(file(), 1..14),
        is_repository in proptest::bool::ANY,
        begin in prop_oneof![Just(""), Just("a"), Just("c/a")],
        rules in rules(),
    ) {
        let folder = TestFolder::new();
        for (path, content) in files {
            let path = folder.join(path);
            // A file may be where another wants a folder.
            if fs::create_dir_all(path.parent().unwrap()).is_ok() && !path.is_dir() {
                fs::write(path, content).unwrap();
            }
        }
        if is_repository {
            fs::create_dir_all(folder.join(".git")).unwrap();
        }
        let begin = folder.join(begin);
        if begin.is_dir() {
            prop_assert_eq!(by_us(&begin, &rules), by_reference(&begin, &rules));
        }
    }
}
