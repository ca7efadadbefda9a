//! Archives damaged at random.

use super::*;

/// Archives of each kind, small, with a file, a folder and links in them.
fn seeds() -> Vec<Vec<u8>> {
    use tar::EntryType as Is;
    let mut archive = tar::Builder::new(Vec::new());
    tar_entry(&mut archive, Is::Directory, b"d", b"", b"");
    tar_entry(&mut archive, Is::Regular, b"d/file", b"", &noise(3000));
    tar_entry(&mut archive, Is::Symlink, b"d/l", b"../d/file", b"");
    tar_entry(&mut archive, Is::Link, b"h", b"d/file", b"");
    let plain = archive.into_inner().unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&plain).unwrap();
    let mut zip = HandmadeZip::new();
    zip.add(b"d/", b"", UNIX, 0, 0o040_755 << 16);
    zip.add(b"d/file", &noise(2000), UNIX, 0, 0o100_644 << 16);
    zip.add(b"d/l", b"../d/file", UNIX, 0, 0o120_777 << 16);
    let mut seeds = vec![
        zstd::encode_all(&plain[..], 1).unwrap(),
        packed.finish().unwrap(),
        plain,
        zip.finish(),
    ];
    let folder = TestFolder::new();
    folder.write("src/a", noise(2000));
    folder.write("src/b", "text ".repeat(400));
    symlink("a", folder.join("src/l")).unwrap();
    for (program, line) in [
        ("7z", "7z a -snl -bd a.7z src >/dev/null && mv a.7z a"),
        ("zip", "zip -q -r -y - src > a"),
        ("xz", "tar cf - src | xz > a"),
        ("tar", "tar --format=pax -cf a src"),
    ] {
        if has(program) {
            sh(&folder, line);
            seeds.push(fs::read(folder.join("a")).unwrap());
        }
    }
    seeds
}

#[derive(Clone, Debug)]
enum Mutation {
    Flip(usize, u8),
    Cut(usize),
    Repeat(usize, usize),
    Write(usize, Vec<u8>),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = || any::<usize>();
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, with)| Mutation::Flip(at, with | 1)),
        at().prop_map(Mutation::Cut),
        (at(), at()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
        (
            at(),
            prop_oneof![
                Just(b"../".to_vec()),
                Just(b"/".to_vec()),
                Just(vec![0xff; 8]),
                Just(vec![0; 16]),
            ]
        )
            .prop_map(|(at, bytes)| Mutation::Write(at, bytes)),
    ]
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len().max(1);
        match self {
            Self::Flip(at, with) => {
                if let Some(byte) = bytes.get_mut(at % length) {
                    *byte ^= with;
                }
            }
            Self::Cut(at) => bytes.truncate(at % length),
            Self::Repeat(from, to) => {
                let (from, to) = (from % length, to % length);
                let piece = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.extend(piece);
            }
            Self::Write(at, with) => {
                for (byte, with) in bytes.iter_mut().skip(at % length).zip(with) {
                    *byte = *with;
                }
            }
        }
    }
}

/// Never a panic, nothing outside, limits hold, nothing half-written (which the kit looks after).
#[test]
fn whatever_is_damaged_does_no_harm() {
    const MOST: u64 = 1 << 20;
    let seeds = seeds();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases = ProptestConfig::with_cases(600);
    proptest!(cases, |(which in 0..seeds.len(), mutations in proptest::collection::vec(mutation(), 1..6))| {
        let mut bytes = seeds[which].clone();
        for mutation in &mutations {
            mutation.apply(&mut bytes);
        }
        let folder = TestFolder::new();
        folder.write("in/archive", &bytes);
        folder.write("in/secret", "untouched");
        let input = json!({ "archive": "in/archive", "into": "in/out", "max_bytes": MOST, "max_entries": 50 });
        let end = runtime.block_on(run(&folder, input));
        prop_assert!(end.result.is_ok() || end.partial().is_some() || !folder.has("in/out"));
        let mut total = 0;
        for (path, content) in folder.content() {
            if path.starts_with("in/out") {
                total += content.len() as u64;
                let whole = folder.join(&path);
                if let Ok(led) = whole.canonicalize() {
                    prop_assert!(led.starts_with(folder.path().canonicalize().unwrap().join("in/out")));
                }
            } else {
                prop_assert!(path == Path::new("in/archive") || content == b"untouched", "{path:?}");
            }
        }
        prop_assert!(total <= 2 * MOST);
    });
}

/// What decodes a block turned round for ever when it was read on after this.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_broke_is_not_read_on() {
    const FIRST_CHUNK: usize = 32;
    const PROPERTIES: usize = FIRST_CHUNK + 5;
    if !has("7z") {
        return;
    }
    let folder = TestFolder::new();
    folder.write("src/a", "text ".repeat(400));
    folder.write("src/b", "more ".repeat(400));
    sh(&folder, "7z a -bd a.7z src >/dev/null");
    let mut bytes = fs::read(folder.join("a.7z")).unwrap();
    assert_eq!(bytes[FIRST_CHUNK], 0xe0, "a chunk that is packed");
    bytes[PROPERTIES] = 0xff;
    folder.write("broken.7z", &bytes);
    let end = extract(&folder, "broken.7z").await;
    assert_eq!(end.error().code.as_str(), "damaged_archive");
    let lost = [reason("src/a", "damaged"), reason("src/b", "damaged")];
    assert_eq!(reasons(end.partial().unwrap()), lost);
}
