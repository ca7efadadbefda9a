//! download-files against a server on this machine that does what servers do, and what they shouldn't.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

mod catalogue;
mod credentials;
mod failing;
mod naming;
mod resuming;
mod sharing;

use std::sync::Arc;

use serde_json::{Value, json};
use toolroom_toolkit::testing::{
    Answer, Asked, CancelAt, TestEnd, TestFolder, TestRun, TestServer,
};
use toolroom_tools::download_files::DownloadFiles;

/// Bytes that no two places of have alike for long.
fn noise(len: usize) -> Vec<u8> {
    (0..len as u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect()
}

/// A server that answers by `answer`, and a folder to download into.
struct Scene {
    server: TestServer,
    folder: TestFolder,
}

impl Scene {
    async fn new(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            server: TestServer::start(answer).await,
            folder: TestFolder::new(),
        }
    }

    /// A run of lines that each begin with a path on the server, with more fields of the input.
    fn run_of(&self, lines: &[&str], more: Value) -> TestRun<'_> {
        let urls: Vec<_> = lines.iter().map(|line| self.server.url(line)).collect();
        let mut input = json!({ "urls": urls, "into": "down" });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        let mut run = TestRun::of(DownloadFiles).within(&self.folder).input(input);
        run.context().http_client = TestServer::client(|_| {});
        run
    }

    async fn run(&self, lines: &[&str], more: Value) -> TestEnd {
        self.run_of(lines, more).run().await
    }

    /// The names of what is there, without what is hidden.
    fn names(&self) -> Vec<String> {
        self.folder
            .content()
            .keys()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .filter(|name| !name.starts_with('.'))
            .collect()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join("down").join(name)).unwrap()
    }
}

/// What came of a run, well or not.
fn output(end: &TestEnd) -> &Value {
    end.result.as_ref().ok().or_else(|| end.partial()).unwrap()
}

/// The reasons of what wasn't downloaded, by path, in the order of the list.
fn reasons(end: &TestEnd) -> Vec<(String, String)> {
    let rows = output(end)["not_downloaded"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let url = row["url"].as_str().unwrap();
            let path = url.splitn(4, '/').nth(3).unwrap_or_default();
            let message = row["message"].as_str().unwrap();
            assert!(message.contains(' ') && message.len() > 20, "{message}");
            (
                format!("/{path}"),
                row["reason"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[tokio::test]
async fn files_come_whole_under_their_names_and_the_rows_say_what_came() {
    let long = noise(3_000_000);
    let scene = {
        let long = long.clone();
        Scene::new(move |asked| match asked.path.as_str() {
            "/long.bin" => Answer::ok(long.clone()),
            "/empty" => Answer::empty(200),
            "/chunked" => Answer::status(200)
                .header("transfer-encoding", "chunked")
                .with_body("5\r\nfirst\r\n7\r\n second\r\n0\r\n\r\n"),
            "/to-the-end" => Answer::status(200).with_body("without a length"),
            _ => Answer::empty(302).header("location", "/long.bin"),
        })
        .await
    };
    let lines = [
        "/long.bin",
        "/empty",
        "/chunked",
        "/to-the-end",
        "/led as other",
    ];
    let end = scene.run(&lines, json!({})).await;
    let rows = end.output()["downloaded"].as_array().unwrap();
    let sizes: Vec<_> = rows
        .iter()
        .map(|row| row["bytes"].as_u64().unwrap())
        .collect();
    assert_eq!(sizes, [3_000_000, 0, 12, 16, 3_000_000]);
    assert_eq!(end.output()["received_bytes"], 6_000_028);
    assert_eq!(reasons(&end), []);
    assert_eq!(
        scene.names(),
        ["chunked", "empty", "long.bin", "other", "to-the-end"]
    );
    assert!(scene.bytes("long.bin") == long && scene.bytes("other") == long);
    assert_eq!(scene.bytes("chunked"), b"first second");
    // Nothing hidden is left either.
    assert_eq!(scene.folder.content().len(), 5);
    for asked in scene.server.seen() {
        assert_eq!(asked.header("accept-encoding"), Some("identity"));
    }
}

#[tokio::test]
async fn a_wrong_input_is_refused_at_its_line() {
    use toolroom_toolkit::DynTool;
    let input = json!({ "urls": ["https://example.org/a", "nonsense", "https://example.org/b md5:0"], "into": "/tmp" });
    let problems = Arc::new(DownloadFiles).prepare(&input).err().unwrap();
    let pointers: Vec<_> = problems
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/urls/1", "/urls/2"]);
}

#[tokio::test]
async fn a_password_is_used_and_shown_nowhere() {
    let scene = Scene::new(|asked| match asked.header("authorization") {
        Some("Basic bWU6c2VjcmV0") => {
            Answer::file(asked, &noise(500_000), "\"a\"").cut_after(300_000)
        }
        _ => Answer::empty(401),
    })
    .await;
    let url = scene
        .server
        .url("/a")
        .replace("http://", "http://me:secret@");
    let run = scene.run_of(&["/b"], json!({ "urls": [url], "attempts": 1 }));
    let end = run.run().await;
    assert_eq!(reasons(&end), [("/a".to_owned(), "cut_short".to_owned())]);
    let said = format!("{:?}{:?}", end.result, end.log);
    assert!(!said.contains("secret"), "{said}");
    for (path, content) in scene.folder.content() {
        let content = String::from_utf8_lossy(&content);
        assert!(!content.contains("secret"), "{}", path.display());
    }
}

#[tokio::test]
async fn a_cancel_keeps_what_is_done_and_says_what_of_the_rest_is_kept() {
    let long = noise(20_000_000);
    let scene = {
        let long = long.clone();
        Scene::new(move |asked| match asked.path.as_str() {
            "/small" => Answer::ok("small"),
            _ => Answer::file(asked, &long, "\"a\""),
        })
        .await
    };
    let lines = ["/small", "/a", "/b"];
    let more = json!({ "at_once": 1 });
    let run = scene
        .run_of(&lines, more.clone())
        .cancel_at(CancelAt::Bytes(6_000_000));
    let end = run.run().await;
    assert!(end.is_canceled(), "{:?}", end.result);
    let canceled = |path: &str| (path.to_owned(), "canceled".to_owned());
    assert_eq!(reasons(&end), [canceled("/a"), canceled("/b")]);
    let partial = end.partial().unwrap();
    assert_eq!(partial["downloaded"][0]["bytes"], 5);
    let row = &partial["not_downloaded"][0];
    assert!(
        row["kept"].as_str().unwrap().ends_with("a.partial"),
        "{row}"
    );
    let kept = row["kept_bytes"].as_u64().unwrap();
    assert_eq!(kept, scene.bytes("a.partial").len() as u64);
    assert_eq!(scene.names(), ["a.partial", "small"]);

    let end = scene.run(&["/a"], json!({})).await;
    let row = &end.output()["downloaded"][0];
    assert_eq!(row["resumed_from"].as_u64(), Some(kept));
    assert_eq!(end.output()["received_bytes"], 20_000_000 - kept);
    assert!(scene.bytes("a") == long);
    assert_eq!(scene.folder.content().len(), 2);
}
