//! Many at once.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use toolroom_toolkit::testing::{Answer, TestFolder, TestRun, TestServer};
use toolroom_tools::download_files::DownloadFiles;

use super::{Scene, noise};

/// Each request waits until as many are open as may be, or until none comes any more: were there ever
/// one too many, it would be counted.
#[tokio::test]
async fn of_200_no_more_are_under_way_than_were_asked_for() {
    const FILES: usize = 200;
    const AT_ONCE: usize = 7;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let server = {
        let (open, most) = (open.clone(), most.clone());
        tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            let full = Arc::new(tokio::sync::Barrier::new(AT_ONCE));
            for number in 0..FILES {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (open, most, full) = (open.clone(), most.clone(), full.clone());
                connections.spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let now = open.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    if number < FILES / AT_ONCE * AT_ONCE {
                        full.wait().await;
                    }
                    open.fetch_sub(1, Ordering::SeqCst);
                    let answer =
                        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\ngood";
                    stream.write_all(answer.as_bytes()).await.unwrap();
                });
            }
            while let Some(end) = connections.join_next().await {
                end.unwrap();
            }
        })
    };
    let folder = TestFolder::new();
    let urls: Vec<_> = (0..FILES)
        .map(|number| format!("http://{address}/{number}.txt"))
        .collect();
    let input = json!({ "urls": urls, "into": "down", "at_once": AT_ONCE });
    let mut run = TestRun::of(DownloadFiles).within(&folder).input(input);
    run.context().http_client = TestServer::client(|_| {});
    let end = run.run().await;
    server.await.unwrap();
    let rows = end.output()["downloaded"].as_array().unwrap();
    assert_eq!((rows.len(), folder.content().len()), (FILES, FILES));
    for (url, row) in urls.iter().zip(rows) {
        assert_eq!(row["url"], *url);
    }
    assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
}

#[tokio::test]
async fn a_rate_holds_for_all_together() {
    let scene = Scene::new(|_| Answer::ok(noise(100_000))).await;
    let begin = std::time::Instant::now();
    let lines = ["/a", "/b", "/c"];
    let end = scene.run(&lines, json!({ "max_rate": 300_000 })).await;
    assert!(end.result.is_ok());
    // Never sooner; how much later is the machine's business.
    assert!(begin.elapsed().as_millis() >= 990);
}
