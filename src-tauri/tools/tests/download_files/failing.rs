//! What goes wrong, at the server and here: each has a reason, and the others go on.

use std::time::{Duration, SystemTime};

use serde_json::json;
use toolroom_toolkit::testing::{Answer, TestFolder, TestServer, on_a_full_disk};

use super::{Scene, noise, output, reasons};

#[tokio::test]
async fn each_way_to_fail_is_a_row_and_the_others_come() {
    let chunked = |body: &str| {
        Answer::status(200)
            .header("transfer-encoding", "chunked")
            .with_body(body)
    };
    let scene = Scene::new(move |asked| match asked.path.as_str() {
        "/401" => Answer::empty(401),
        "/403" => Answer::empty(403),
        "/404" => Answer::empty(404),
        "/410" => Answer::empty(410),
        "/429" => Answer::empty(429).header("retry-after", "86400"),
        "/500" => Answer::empty(500),
        "/204" => Answer::status(204),
        "/part" => Answer::part(b"abcdef", 2..6),
        "/garbage" => Answer::raw(noise(3_000)),
        "/nothing" => Answer::raw(""),
        "/cut" => Answer::ok("abcdef").cut_after(3),
        "/cut-chunks" => chunked("3\r\nabc\r\n9\r\nabcdef").cut_after(13),
        "/bad-chunks" => chunked("what?\r\n"),
        "/round" => Answer::empty(302).header("location", "/round"),
        _ => Answer::ok("good"),
    })
    .await;
    let expected = [
        ("/401", "unauthorized"),
        ("/403", "forbidden"),
        ("/404", "not_found"),
        ("/410", "not_found"),
        ("/429", "too_many_requests"),
        ("/500", "server_error"),
        ("/204", "other_status"),
        ("/part", "wrong_part"),
        ("/garbage", "garbage"),
        ("/nothing", "no_answer"),
        ("/cut", "cut_short"),
        ("/cut-chunks", "cut_short"),
        ("/bad-chunks", "garbage"),
        ("/round", "too_many_redirects"),
    ];
    let mut lines: Vec<_> = expected.iter().map(|(path, _)| *path).collect();
    lines.extend(["/good", "/good as again"]);
    let end = scene.run(&lines, json!({ "attempts": 1 })).await;
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(path, reason)| ((*path).to_owned(), (*reason).to_owned()))
        .collect();
    expected.push(("/good".to_owned(), "repeated".to_owned()));
    assert_eq!(reasons(&end), expected);
    assert_eq!(end.output()["not_downloaded"][4]["status"], 429);
    // None of those can be gone on with: their servers say nothing of what state they are in.
    assert_eq!(scene.folder.content().len(), 1);
    assert_eq!(scene.bytes("good"), b"good");
}

#[tokio::test]
async fn who_says_nothing_for_too_long_is_given_up() {
    let scene = Scene::new(|asked| match asked.path.as_str() {
        "/silent" => Answer::raw("").then_stalls(),
        _ => Answer::ok("abcdef").cut_after(3).then_stalls(),
    })
    .await;
    let mut run = scene.run_of(&["/silent", "/stalls"], json!({ "attempts": 1 }));
    run.context().http_client = TestServer::client(|settings| {
        settings.idle_timeout = Duration::from_millis(200);
    });
    let end = run.run().await;
    let said: Vec<_> = reasons(&end)
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(said, ["timed_out", "timed_out"]);
}

#[tokio::test]
async fn if_nothing_comes_the_job_has_failed_and_the_rows_are_kept() {
    let scene = Scene::new(|_| Answer::empty(404)).await;
    let end = scene.run(&["/a", "/b"], json!({})).await;
    assert_eq!(end.error().code.as_str(), "nothing_downloaded");
    assert_eq!(reasons(&end).len(), 2);
    let end = scene.run(&["/a"], json!({})).await;
    assert!(end.error().message.contains("nothing at this address"));
}

#[tokio::test]
async fn what_may_pass_is_tried_again_after_the_time_that_the_server_asks_for() {
    let scene = Scene::new(|asked| match (asked.path.as_str(), asked.times_before) {
        ("/seconds", 0) => Answer::empty(429).header("retry-after", "1"),
        ("/date", 0) => {
            let soon = SystemTime::now() + Duration::from_secs(1);
            Answer::empty(503).header("retry-after", &httpdate::fmt_http_date(soon))
        }
        ("/500", 0) => Answer::empty(500),
        (_, 0) => panic!("nothing else is asked for"),
        _ => Answer::ok("at last"),
    })
    .await;
    let end = scene.run(&["/seconds", "/date", "/500"], json!({})).await;
    assert_eq!(end.output()["downloaded"].as_array().unwrap().len(), 3);
    assert_eq!(scene.server.seen().len(), 6);
    assert!(
        end.log.iter().any(|line| line.contains("429")),
        "{:?}",
        end.log
    );
}

#[tokio::test]
async fn attempts_are_as_many_as_were_asked_for() {
    let scene = Scene::new(|_| Answer::empty(502)).await;
    let end = scene.run(&["/a"], json!({ "attempts": 2 })).await;
    assert_eq!(output(&end)["not_downloaded"][0]["attempts"], 2);
    assert_eq!(scene.server.seen().len(), 2);
}

#[tokio::test]
async fn a_checksum_is_held_against_what_came_and_what_is_wrong_is_removed() {
    let scene = Scene::new(|asked| Answer::file(asked, b"abc", "\"a\"")).await;
    let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let wrong = right.replace('b', "c");
    let lines = [
        format!("/right sha256:{right}"),
        format!("/wrong sha256:{wrong}"),
        format!("/wrong-too blake3:{right}"),
    ];
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let end = scene.run(&lines, json!({})).await;
    assert_eq!(end.output()["downloaded"][0]["verified"], "sha256");
    let said: Vec<_> = reasons(&end)
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(said, ["wrong_checksum", "wrong_checksum"]);
    assert_eq!(scene.folder.content().len(), 1);
}

#[tokio::test]
async fn what_is_there_stays_is_replaced_or_gets_a_neighbour() {
    let scene = Scene::new(|_| Answer::ok("new")).await;
    scene.folder.write("down/a.txt", "old");
    let end = scene.run(&["/a.txt"], json!({})).await;
    assert_eq!(reasons(&end)[0].1, "already_there");
    assert_eq!(scene.bytes("a.txt"), b"old");
    let keep_both = json!({ "overwrite": "keep_both" });
    assert!(scene.run(&["/a.txt"], keep_both).await.result.is_ok());
    assert_eq!(scene.bytes("a (2).txt"), b"new");
    let replace = json!({ "overwrite": "replace" });
    assert!(scene.run(&["/a.txt"], replace).await.result.is_ok());
    assert_eq!(scene.bytes("a.txt"), b"new");
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_takes_nothing_is_said_and_nothing_is_left() {
    let scene = Scene::new(|asked| Answer::file(asked, &noise(400_000), "\"a\"")).await;
    let locked = TestFolder::new();
    let more = json!({ "into": locked.read_only() });
    let end = scene.run(&["/a"], more).await;
    assert_eq!(reasons(&end)[0].1, "not_writable");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_under_a_final_name() {
    on_a_full_disk(
        module_path!(),
        "a_full_disk_is_said_and_leaves_nothing_under_a_final_name",
        1 << 20,
        async {
            let scene = Scene::new(|asked| match asked.path.as_str() {
                "/small" => Answer::ok("small"),
                _ => Answer::file(asked, &noise(3_000_000), "\"a\""),
            })
            .await;
            let end = scene.run(&["/long", "/small"], json!({})).await;
            assert_eq!(
                reasons(&end),
                [("/long".to_owned(), "disk_full".to_owned())]
            );
            let names = scene.names();
            assert_eq!(names, ["long.partial", "small"]);
            assert!(scene.bytes("long.partial").len() <= 1 << 20);
        },
    )
    .await;
}
