//! Who is let in, and who is told what lets us in.

use std::sync::Arc;

use toolroom_toolkit::{AppError, SecretName, SecretSource, SecretText};

use super::*;

/// A server that lets in who says this.
async fn guarded(expected: &'static str) -> Scene {
    Scene::new(move |asked| match asked.header("authorization") {
        Some(said) if said == expected => Answer::file(asked, &noise(50_000), "\"a\""),
        _ => Answer::empty(401).header("www-authenticate", "Bearer"),
    })
    .await
}

fn is_in_any_file(scene: &Scene, secret: &str) -> bool {
    let content = scene.folder.content();
    let mut texts = content.values().map(|bytes| String::from_utf8_lossy(bytes));
    texts.any(|text| text.contains(secret))
}

#[tokio::test]
async fn a_token_lets_in_and_is_said_nowhere() {
    let scene = guarded("Bearer t0ken-CANARY").await;
    let end = scene.run(&["/a"], json!({ "attempts": 1 })).await;
    assert_eq!(output(&end)["not_downloaded"][0]["status"], 401);
    let token = json!({ "token": "t0ken-CANARY", "attempts": 1 });
    let end = scene.run(&["/a", "/b"], token).await;
    assert_eq!(scene.names(), ["a", "b"]);
    assert!(scene.bytes("a") == noise(50_000));
    assert!(!format!("{end:?}").contains("CANARY"));
    assert!(!is_in_any_file(&scene, "CANARY"));
}

#[tokio::test]
async fn a_user_and_a_kept_password_let_in_and_an_address_may_have_its_own() {
    #[derive(Debug)]
    struct Kept;
    impl SecretSource for Kept {
        fn get(&self, name: &SecretName) -> Result<Option<SecretText>, AppError> {
            assert_eq!(name.as_str(), "server");
            Ok(Some("secret".to_owned().into()))
        }
    }
    let scene = guarded("Basic bWU6c2VjcmV0").await;
    let more = json!({ "user": "me", "password": { "secret": "server" } });
    let mut run = scene.run_of(&["/a"], more);
    let secrets = run.context().secrets.clone().with_source(Arc::new(Kept));
    run.context().secrets = secrets;
    assert_eq!(reasons(&run.run().await), []);

    let own = scene
        .server
        .url("/b")
        .replace("http://", "http://me:secret@");
    let end = scene
        .run(&[], json!({ "urls": [own], "token": "of no use" }))
        .await;
    assert_eq!(reasons(&end), []);
    assert_eq!(scene.names(), ["a", "b"]);
}

#[tokio::test]
async fn what_lets_us_in_is_not_told_to_another_server() {
    let other = Scene::new(|_| Answer::ok("from elsewhere")).await;
    let elsewhere = other.server.url("/file");
    let scene = Scene::new(move |asked| match asked.path.as_str() {
        "/here" => Answer::empty(302).header("location", "/there"),
        "/there" => Answer::ok("from here"),
        _ => Answer::empty(302).header("location", &elsewhere),
    })
    .await;
    for more in [
        json!({ "token": "t0ken", "overwrite": "replace" }),
        json!({ "user": "me", "password": "t0ken", "overwrite": "replace" }),
    ] {
        let end = scene.run(&["/here", "/away as away"], more).await;
        assert_eq!(reasons(&end), [], "{:?}", end.result);
    }
    let told = |asked: &Asked| asked.header("authorization").is_some();
    assert!(scene.server.seen().iter().all(told));
    let seen = other.server.seen();
    assert_eq!(seen.len(), 2);
    assert!(!seen.iter().any(told), "{seen:?}");
}

#[tokio::test]
async fn a_token_and_a_password_or_half_of_one_are_refused_at_their_field() {
    use toolroom_toolkit::DynTool;
    for (more, at) in [
        (
            json!({ "token": "a", "user": "b", "password": "c" }),
            "/token",
        ),
        (json!({ "token": "a", "user": "b" }), "/token"),
        (json!({ "password": "c" }), "/user"),
        (json!({ "user": "b" }), "/password"),
    ] {
        let mut input = json!({ "urls": ["https://example.org/a"], "into": "/tmp" });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        let problems = Arc::new(DownloadFiles).prepare(&input).err().unwrap();
        assert_eq!(problems[0].pointer, at);
    }
}
