//! Nothing keeps people out: axe looks at every page and state, in both themes.

#![allow(clippy::unwrap_used)] // the helpers of tests may panic as tests do

use toolroom_tests::scenes::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page_or_state_in_either_theme() {
    let stage = Stage::open().await.unwrap();
    let mut barriers = Vec::new();
    let mut scenes = 0;
    let played = stage
        .play(async |name| {
            scenes += 1;
            let found = stage.window.barriers_in_both_themes().await?;
            barriers.extend(found.into_iter().map(|line| format!("{name}: {line}")));
            Ok(())
        })
        .await;
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
    played.unwrap();
    assert!(scenes > 30, "{scenes} scenes were looked at");
    stage.window.close().await.unwrap();
}
