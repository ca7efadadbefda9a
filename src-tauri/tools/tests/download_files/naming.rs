//! What files are called.

use serde_json::json;
use toolroom_toolkit::testing::Answer;

use super::{Scene, reasons};

#[tokio::test]
async fn a_name_comes_from_the_list_the_server_or_the_address_in_that_order() {
    let scene = Scene::new(|asked| match asked.path.as_str() {
        "/get?id=1" | "/get?id=2" => Answer::ok("x").header(
            "content-disposition",
            "attachment; filename=\"..\\..\\evil.sh\"; filename*=UTF-8''%2e%2e%2fna%C3%AFve.txt",
        ),
        "/led" => Answer::empty(302).header("location", "/there/real.zip?x"),
        _ => Answer::ok("x"),
    })
    .await;
    let lines = [
        "/get?id=1",
        "/get?id=2 as mine.txt",
        "/led",
        "/a/b%2fc.zip",
        "/",
    ];
    let end = scene.run(&lines, json!({})).await;
    assert_eq!(reasons(&end), []);
    assert_eq!(
        scene.names(),
        ["b_c.zip", "download", "mine.txt", "naïve.txt", "real.zip"]
    );
}

#[tokio::test]
async fn two_of_one_name_never_write_to_one_file() {
    let scene = Scene::new(|asked| Answer::ok(asked.path.clone())).await;
    let lines = ["/a/x.txt", "/b/X.txt", "/c/x.txt"];
    let end = scene
        .run(&lines, json!({ "overwrite": "replace", "at_once": 1 }))
        .await;
    let said: Vec<_> = reasons(&end)
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(said, ["same_name", "same_name"]);
    assert_eq!(scene.bytes("x.txt"), b"/a/x.txt");
    scene.folder.clear();
    let end = scene
        .run(&lines, json!({ "overwrite": "keep_both", "at_once": 1 }))
        .await;
    assert_eq!(reasons(&end), []);
    assert_eq!(scene.names(), ["X (2).txt", "x (3).txt", "x.txt"]);
}
