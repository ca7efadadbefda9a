//! What goes in comes out.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        fs::PermissionsExt,
    },
    path::PathBuf,
    time::{Duration, SystemTime},
};

use proptest::prelude::*;

use super::{openers::openers, *};

type Name = Vec<u8>;
type Tree = BTreeMap<(Name, Name), Node>;

#[derive(Clone, Debug)]
enum Node {
    File {
        length: usize,
        is_noise: bool,
        mode: u32,
        /// Seconds from 1970.
        modified: i64,
    },
    Folder {
        mode: u32,
    },
    Link(Vec<u8>),
}

fn node() -> impl Strategy<Value = Node> {
    let mode = prop_oneof![Just(0o644), Just(0o755), Just(0o600), Just(0o400)];
    let length = prop_oneof![Just(0usize), 1usize..2000, 200_000usize..900_000];
    let modified = prop_oneof![4 => 500_000_000i64..1_900_000_000, 1 => -900_000_000i64..0];
    prop_oneof![
        3 => (length, any::<bool>(), mode, modified).prop_map(|(length, is_noise, mode, modified)| {
            Node::File { length, is_noise, mode, modified }
        }),
        1 => Just(Node::Folder { mode: 0o750 }),
        1 => proptest::sample::select(vec![
            b"nowhere".to_vec(), b"../a".to_vec(), b"./x//y".to_vec(), b"/etc/passwd".to_vec(),
            "ä/ö".as_bytes().to_vec(), vec![b'l'; 150],
        ]).prop_map(Node::Link),
    ]
}

fn name() -> impl Strategy<Value = Name> {
    proptest::sample::select(vec![
        b"a".to_vec(),
        b"b.txt".to_vec(),
        b"with space".to_vec(),
        b"-dash".to_vec(),
        b"back\\slash".to_vec(),
        b"new\nline".to_vec(),
        b"C:drive".to_vec(),
        b"st*r?".to_vec(),
        "ünï🦀".as_bytes().to_vec(),
        b"raw\xff\xfe".to_vec(),
        vec![b'n'; 200],
        "ö".repeat(110).into_bytes(),
    ])
}

fn build(root: &Path, tree: &Tree) {
    fs::create_dir(root).unwrap();
    let os = |bytes: &Name| PathBuf::from(OsString::from_vec(bytes.clone()));
    for ((folder, name), node) in tree {
        let parent = root.join(os(folder));
        if fs::create_dir_all(&parent).is_err() {
            continue;
        }
        let path = parent.join(os(name));
        if fs::symlink_metadata(&path).is_ok() {
            continue;
        }
        let set_mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        match node {
            Node::File {
                length,
                is_noise,
                mode,
                modified,
            } => {
                let content = match is_noise {
                    true => noise(*length),
                    false => b"abc ".iter().copied().cycle().take(*length).collect(),
                };
                fs::write(&path, content).unwrap();
                let length = Duration::from_secs(modified.unsigned_abs());
                let time = match *modified < 0 {
                    true => SystemTime::UNIX_EPOCH - length,
                    false => SystemTime::UNIX_EPOCH + length,
                };
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(time).unwrap();
                set_mode(*mode);
            }
            Node::Folder { mode } => {
                fs::create_dir(&path).unwrap();
                set_mode(*mode);
            }
            Node::Link(target) => symlink(OsStr::from_bytes(target), &path).unwrap(),
        }
    }
}

/// As much of a tree as an opener can make of it.
fn for_opener(tree: &Tree, opener: openers::Opener) -> Tree {
    let is_known = |name: &[u8]| {
        opener.knows_all_names
            || !(name.contains(&b'\\') || name.contains(&b'\n') || name.starts_with(b"raw"))
    };
    let mut tree = tree.clone();
    tree.retain(|(folder, name), node| {
        let is_made = match node {
            Node::Link(target) => opener.makes_all_links() || target == b"nowhere",
            _ => true,
        };
        is_known(folder) && is_known(name) && is_made
    });
    if opener.format == "zip" {
        // A zip has no times before 1970.
        for node in tree.values_mut() {
            if let Node::File { modified, .. } = node {
                *modified = modified.abs();
            }
        }
    }
    tree
}

/// What is written is read by the programs that everyone has and by our own, and is what it was.
#[test]
fn any_tree_comes_out_as_it_went_in() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let openers = openers();
    proptest!(ProptestConfig::with_cases(24), |(
        tree in proptest::collection::btree_map((name(), name()), node(), 0..8),
        level in 1u32..=9,
    )| {
        for opener in &openers {
            let folder = TestFolder::new();
            build(&folder.join("src"), &for_opener(&tree, *opener));
            let archive = format!("a.{}", opener.format);
            let mut input = json!({ "paths": ["src"], "archive": archive });
            if opener.format != "tar" {
                input["level"] = level.into();
            }
            let end = runtime.block_on(run(&folder, input));
            prop_assert_eq!(&end.output()["skipped"], &json!([]));
            let length = fs::metadata(folder.join(&archive)).unwrap().len();
            prop_assert_eq!(&end.output()["bytes_out"], &json!(length));
            runtime.block_on(opener.open(&folder));
            let same = alike(&folder.join("src"), &folder.join("out/src"));
            prop_assert!(same.is_ok(), "{:?}: {}", opener, same.unwrap_err());
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_many_blocks_come_out_at_every_level() {
    for opener in openers() {
        for level in [1, 6, 9, 13] {
            if opener.format == "tar" || (level > 9 && opener.format != "tar.zst") {
                continue;
            }
            let folder = TestFolder::new();
            folder.write("src/noise", noise(2_500_000));
            folder.write("src/text", "All work and no play.\n".repeat(150_000));
            let archive = format!("a.{}", opener.format);
            let input = json!({ "paths": ["src"], "archive": archive, "level": level });
            let end = run(&folder, input).await;
            assert_eq!(end.output()["files"], 2);
            opener.open(&folder).await;
            alike(&folder.join("src"), &folder.join("out/src")).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_files_give_the_same_bytes() {
    for format in FORMATS {
        let folder = TestFolder::new();
        for number in 0..40 {
            folder.write(
                format!("src/{}/{number}", number % 7),
                noise(number * 30_000),
            );
        }
        for name in ["one", "two"] {
            let input = json!({ "paths": ["src"], "archive": name, "format": format });
            assert_eq!(run(&folder, input).await.output()["files"], 40);
        }
        assert!(fs::read(folder.join("one")).unwrap() == fs::read(folder.join("two")).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_links_are_one_file_in_a_tar() {
    for opener in openers() {
        if opener.format == "zip" {
            continue;
        }
        let folder = TestFolder::new();
        folder.write("src/one", noise(1 << 20));
        fs::hard_link(folder.join("src/one"), folder.join("src/two")).unwrap();
        let archive = format!("a.{}", opener.format);
        let end = run(&folder, json!({ "paths": ["src"], "archive": archive })).await;
        assert_eq!(end.output()["links"], 1);
        assert!(end.output()["bytes_out"].as_u64().unwrap() < (1 << 20) + 20_000);
        opener.open(&folder).await;
        let inode = |name: &str| fs::metadata(folder.join(name)).unwrap().ino();
        assert_eq!(inode("out/src/one"), inode("out/src/two"));
    }
}

/// Lengths that 32 bits don't hold; run by hand, since it takes a while without optimization.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "packs five gigabytes"]
async fn files_beyond_four_gigabytes_are_packed() {
    for opener in openers() {
        let folder = TestFolder::new();
        fs::create_dir(folder.join("src")).unwrap();
        let file = fs::File::create(folder.join("src/big")).unwrap();
        file.set_len(5 << 30).unwrap();
        folder.write("src/small", "after");
        let archive = format!("a.{}", opener.format);
        let mut input = json!({ "paths": ["src"], "archive": archive });
        if opener.format != "tar" {
            input["level"] = 1.into();
        }
        assert_eq!(run(&folder, input).await.output()["files"], 2);
        opener.open(&folder).await;
        let unpacked = fs::metadata(folder.join("out/src/big")).unwrap();
        assert_eq!(unpacked.len(), 5 << 30, "{opener:?}");
        assert_eq!(folder.read("out/src/small"), "after");
    }
}
