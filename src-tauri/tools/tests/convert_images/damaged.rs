//! Files that are cut off, mutated, vast, or no pictures.

use super::*;

fn some_picture() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let picture = photo(40, 30);
    let files = vec![
        ("png", png(&picture, None)),
        ("jpg", jpeg(&picture, Some(&exif(6)), false)),
        ("jpg", jpeg(&picture, None, true)),
        ("webp", webp(&picture)),
    ];
    proptest::sample::select(files)
}

fn blocking(folder: &TestFolder, input: Value) -> TestEnd {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run(folder, input))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_is_cut_off_anywhere_is_told_and_leaves_no_file((name, whole) in some_picture(), at in 0.0..1.0f64) {
        let folder = TestFolder::new();
        let length = (whole.len() as f64 * at) as usize;
        folder.write(format!("a.{name}"), &whole[..length]);
        let end = blocking(&folder, json!({ "paths": [format!("a.{name}")], "into": "out" }));
        prop_assert_eq!(&end.output()["converted"], 0);
        let reason = &reasons(end.output())[0].1;
        prop_assert!(matches!(&**reason, "truncated" | "not_an_image" | "damaged"), "{}", reason);
        prop_assert!(folder.content().keys().all(|path| !path.starts_with("out")));
    }

    #[test]
    fn what_is_mutated_never_breaks_the_tool((name, mut bytes) in some_picture(), changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..8)) {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let folder = TestFolder::new();
        folder.write(format!("a.{name}"), bytes);
        let end = blocking(&folder, json!({ "paths": [format!("a.{name}")], "into": "out", "max_pixels": 1_000_000 }));
        let output = end.output();
        let left_out = output["skipped"].as_array().unwrap().len();
        prop_assert_eq!(output["converted"].as_u64().unwrap() as usize + left_out, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_with_too_many_pixels_is_refused_by_what_it_claims() {
    let folder = TestFolder::new();
    let mut bomb = png(&photo(8, 8), None);
    // The header's width and height, with the checksum that belongs to them.
    bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let sum = crc32(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    folder.write("bomb.png", bomb);
    folder.write("fine.png", png(&photo(8, 8), None));
    folder.write("tall.png", png(&photo(1, 64), None));
    let input = json!({ "paths": ["."], "into": "out", "format": "webp", "width": 1000, "fit": "contain", "max_pixels": 10_000_000 });
    let end = run(&folder, input).await;
    let too_large = |name: &str| (name.to_owned(), "too_large".to_owned());
    assert_eq!(
        reasons(end.output()),
        [too_large("bomb.png"), too_large("tall.png")]
    );
    let message = end.output()["skipped"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("65536 × 65536") && message.contains("10000000"),
        "{message}"
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_told_by_content_and_does_not_stop_the_rest() {
    let folder = TestFolder::new();
    folder.write("in/a.jpg", png(&photo(10, 10), None));
    folder.write("in/notes.txt", "no picture");
    folder.write("in/empty.png", "");
    folder.write("in/new.avif", b"\0\0\0\x1cftypavif\0\0\0\0");
    let end = run(&folder, json!({ "paths": ["in", "gone"], "into": "out" })).await;
    let reason = |name: &str, reason: &str| (name.to_owned(), reason.to_owned());
    let expected = [
        reason("empty.png", "not_an_image"),
        reason("gone", "not_found"),
        reason("new.avif", "unsupported"),
        reason("notes.txt", "not_an_image"),
    ];
    assert_eq!(reasons(end.output()), expected);
    // It was a PNG all along, and is called so now.
    assert!(folder.has("out/a.png"));
}
