//! What was broken off is gone on with, and never mixed with what it isn't a part of.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use proptest::prelude::*;
use serde_json::json;
use toolroom_toolkit::testing::{Answer, Asked};

use super::{Scene, noise, reasons};

const LEN: usize = 900_000;

/// A file of which the first time only `cut` bytes come.
fn cut_once(asked: &Asked, cut: usize, tag: &str) -> Answer {
    let answer = Answer::file(asked, &noise(LEN), tag);
    match asked.times_before {
        0 => answer.cut_after(cut),
        _ => answer,
    }
}

#[tokio::test]
async fn within_a_run_only_the_rest_is_fetched_and_the_whole_is_verified() {
    let digest = blake3::hash(&noise(LEN)).to_hex();
    let scene = Scene::new(|asked| cut_once(asked, 500_000, "\"a\"")).await;
    let line = format!("/a blake3:{digest}");
    let end = scene.run(&[&line], json!({})).await;
    let row = &end.output()["downloaded"][0];
    assert_eq!(
        (&row["resumed_from"], &row["verified"]),
        (&json!(500_000), &json!("blake3"))
    );
    assert_eq!(end.output()["received_bytes"], LEN);
    assert!(scene.bytes("a") == noise(LEN));
    assert_eq!(scene.folder.content().len(), 1);
}

#[tokio::test]
async fn after_a_kill_the_next_run_fetches_only_the_rest() {
    let scene = Scene::new(|asked| {
        let answer = cut_once(asked, 500_000, "\"a\"");
        match asked.times_before {
            0 => answer.then_stalls(),
            _ => answer,
        }
    })
    .await;
    let run = scene.run_of(&["/a"], json!({}));
    let partial = scene.folder.join("down/a.partial");
    tokio::select! {
        _ = run.run() => panic!("the server stalls"),
        // The run is dropped as soon as all that came is written.
        () = async {
            while std::fs::metadata(&partial).map_or(0, |told| told.len()) < 500_000 {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    let mut end = scene.run(&["/a"], json!({ "attempts": 1 })).await;
    // What was running of the first run when it was dropped may still hold the file.
    while end
        .partial()
        .is_some_and(|_| reasons(&end)[0].1 == "in_use")
    {
        end = scene.run(&["/a"], json!({ "attempts": 1 })).await;
    }
    assert_eq!(end.output()["downloaded"][0]["resumed_from"], 500_000);
    assert!(scene.bytes("a") == noise(LEN));
}

#[tokio::test]
async fn a_file_that_has_changed_meanwhile_is_fetched_anew() {
    let new: Vec<u8> = noise(LEN).into_iter().rev().collect();
    let scene = {
        let new = new.clone();
        Scene::new(move |asked| match asked.times_before {
            0 => Answer::file(asked, &noise(LEN), "\"old\"").cut_after(500_000),
            _ => Answer::file(asked, &new, "\"new\""),
        })
        .await
    };
    let end = scene.run(&["/a"], json!({})).await;
    assert_eq!(end.output()["downloaded"][0]["resumed_from"], 0);
    assert!(scene.bytes("a") == new);
}

#[tokio::test]
async fn a_server_that_sends_wrong_parts_is_asked_for_the_whole() {
    let wrong: [fn() -> Answer; 5] = [
        || Answer::part(&noise(LEN), 0..LEN),
        || Answer::part(&noise(LEN), 500_001..LEN),
        || Answer::part(&noise(LEN + 1), 500_000..LEN + 1),
        || {
            Answer::status(206)
                .header("content-length", "3")
                .with_body("abc")
        },
        || Answer::empty(416).header("content-range", "bytes */900000"),
    ];
    for wrong in wrong {
        let scene = Scene::new(move |asked| match asked.from() {
            None => cut_once(asked, 500_000, "\"a\""),
            Some(_) => wrong(),
        })
        .await;
        let end = scene.run(&["/a"], json!({})).await;
        assert_eq!(end.output()["downloaded"][0]["resumed_from"], 0);
        assert!(scene.bytes("a") == noise(LEN), "{:?}", wrong());
        assert_eq!(scene.folder.content().len(), 1);
    }
}

#[tokio::test]
async fn one_that_calls_another_file_the_same_is_caught_by_its_tag_or_the_checksum() {
    let digest = blake3::hash(&noise(LEN)).to_hex();
    let other: Vec<u8> = noise(LEN).into_iter().rev().collect();
    for tag in ["\"other\"", "\"a\""] {
        let other = other.clone();
        let scene = Scene::new(move |asked| match (asked.times_before, asked.from()) {
            (0, _) => Answer::file(asked, &noise(LEN), "\"a\"").cut_after(500_000),
            (_, Some(from)) => Answer::part(&other, from..LEN).header("etag", tag),
            (_, None) => Answer::file(asked, &noise(LEN), "\"a\""),
        })
        .await;
        let line = format!("/a blake3:{digest}");
        let end = scene.run(&[&line], json!({})).await;
        assert_eq!(end.output()["downloaded"][0]["resumed_from"], 0);
        assert!(scene.bytes("a") == noise(LEN));
    }
}

#[tokio::test]
async fn without_a_sign_that_it_is_the_same_nothing_is_gone_on_with_or_kept() {
    for sign in ["W/\"weak\"", "untagged"] {
        let scene = Scene::new(move |asked| {
            let answer = Answer::ok(noise(LEN)).header("etag", sign);
            match asked.times_before {
                0 => answer.cut_after(500_000),
                _ => answer,
            }
        })
        .await;
        let end = scene.run(&["/a"], json!({ "attempts": 1 })).await;
        assert_eq!(reasons(&end)[0].1, "cut_short");
        assert_eq!(scene.folder.content().len(), 0);
        assert!(scene.run(&["/a"], json!({})).await.result.is_ok());
        assert!(
            scene
                .server
                .seen()
                .iter()
                .all(|asked| asked.from().is_none())
        );
    }
}

#[tokio::test]
async fn a_date_of_change_that_is_a_while_ago_is_such_a_sign() {
    let changed = "Sun, 06 Nov 1994 08:49:37 GMT";
    let scene = Scene::new(move |asked| {
        cut_once(asked, 500_000, changed)
            .header("last-modified", changed)
            .header("date", "Mon, 07 Nov 1994 08:49:37 GMT")
    })
    .await;
    let end = scene.run(&["/a"], json!({})).await;
    assert_eq!(end.output()["downloaded"][0]["resumed_from"], 500_000);
    assert!(scene.bytes("a") == noise(LEN));
}

#[tokio::test]
async fn all_that_lacks_is_the_name() {
    // Its last byte is put there by hand, as if it had been killed after that.
    let scene = Scene::new(|asked| match asked.times_before {
        0 => Answer::file(asked, &noise(LEN), "\"a\"").cut_after(LEN - 1),
        _ => Answer::file(asked, &noise(LEN), "\"a\""),
    })
    .await;
    scene.run(&["/a"], json!({ "attempts": 1 })).await;
    let mut partial = scene.bytes("a.partial");
    partial.push(noise(LEN)[LEN - 1]);
    scene.folder.write("down/a.partial", partial);
    let end = scene.run(&["/a"], json!({})).await;
    assert_eq!(end.output()["received_bytes"], 1);
    assert!(scene.bytes("a") == noise(LEN));
}

#[tokio::test]
async fn without_resume_nothing_is_kept_or_gone_on_with() {
    let scene = Scene::new(|asked| cut_once(asked, 500_000, "\"a\"")).await;
    let once = json!({ "resume": false, "attempts": 1 });
    assert!(scene.run(&["/a"], once).await.result.is_err());
    assert_eq!(scene.folder.content().len(), 0);
    let end = scene.run(&["/a"], json!({ "resume": false })).await;
    assert_eq!(end.output()["downloaded"][0]["resumed_from"], 0);
}

#[tokio::test]
async fn two_jobs_never_write_to_one_partial_file() {
    let (goes_on, begun) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let scene = {
        let (goes_on, begun) = (goes_on.clone(), begun.clone());
        Scene::new(move |asked| {
            begun.fetch_add(1, Ordering::SeqCst);
            match goes_on.load(Ordering::SeqCst) {
                false => Answer::file(asked, &noise(LEN), "\"a\"")
                    .cut_after(500_000)
                    .then_stalls(),
                true => Answer::file(asked, &noise(LEN), "\"a\""),
            }
        })
        .await
    };
    let partial = scene.folder.join("down/a.partial");
    let mut first = scene.run_of(&["/a"], json!({ "attempts": 1 }));
    let cancel = first.context().cancel.clone();
    let second = async {
        while std::fs::metadata(&partial).map_or(0, |told| told.len()) < 500_000 {
            tokio::task::yield_now().await;
        }
        goes_on.store(true, Ordering::SeqCst);
        let end = scene.run(&["/a"], json!({ "attempts": 1 })).await;
        cancel.cancel();
        end
    };
    let (first, second) = tokio::join!(first.run(), second);
    assert!(first.is_canceled());
    assert_eq!(reasons(&second)[0].1, "in_use");
    assert!(scene.run(&["/a"], json!({})).await.result.is_ok());
    assert!(scene.bytes("a") == noise(LEN));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn wherever_it_is_cut_and_whenever_it_changes_the_file_is_one_of_those_that_were(
        cuts in proptest::collection::vec((0usize..LEN, any::<bool>()), 1..4),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let states = [noise(LEN), noise(LEN).into_iter().rev().collect::<Vec<_>>()];
            let last = cuts.len();
            let steps = cuts.clone();
            let bodies = states.clone();
            let scene = Scene::new(move |asked| match steps.get(asked.times_before) {
                Some((cut, state)) => {
                    let tag = format!("\"{state}\"");
                    Answer::file(asked, &bodies[usize::from(*state)], &tag).cut_after(*cut)
                }
                None => Answer::file(asked, &bodies[0], "\"false\""),
            })
            .await;
            for _ in 0..=last {
                if scene.run(&["/a"], json!({ "attempts": 1 })).await.result.is_ok() {
                    break;
                }
            }
            let came = scene.bytes("a");
            assert!(states.contains(&came));
            assert_eq!(scene.folder.content().len(), 1);
        });
    }
}
