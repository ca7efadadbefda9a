//! Against a server on this machine that does what servers shouldn't.

mod hosts;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use proptest::prelude::*;
use reqwest::Url;
use toolroom_shared::{ErrorCode, JobId};

use super::{Http, HttpError, HttpErrorKind as Kind, HttpRetryPolicy, HttpSettings, Method};
use crate::{
    ToolError, ToolExecutionContext,
    testing::{Answer, TestServer},
};

fn ctx(change: impl FnOnce(&mut HttpSettings)) -> ToolExecutionContext {
    ToolExecutionContext {
        http_client: TestServer::client(change),
        ..ToolExecutionContext::new(JobId("j".into()))
    }
}

fn http() -> Http {
    ctx(|_| {}).http()
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

async fn whole(http: &Http, address: &str) -> Result<Vec<u8>, HttpError> {
    let mut response = http.get(&url(address)).send().await?.with_good_status()?;
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

async fn failure(answer: Answer, kind: Kind) -> HttpError {
    let server = TestServer::start(move |_| answer.clone()).await;
    let ctx = ctx(|settings| {
        // Only where that is waited for: elsewhere a busy machine must not be too slow.
        if kind == Kind::TimedOut {
            settings.idle_timeout = Duration::from_millis(200);
        }
    });
    whole(&ctx.http(), &server.url("/")).await.unwrap_err()
}

#[tokio::test]
async fn a_request_says_who_asks_and_an_answer_is_read_to_its_end() {
    let server = TestServer::start(|_| Answer::ok("content").header("x-a", "b")).await;
    assert_eq!(
        whole(&http(), &server.url("/a?b")).await.unwrap(),
        b"content"
    );
    let asked = &server.seen()[0];
    assert_eq!(asked.path, "/a?b");
    let agent = concat!("toolroom/", env!("CARGO_PKG_VERSION"));
    assert_eq!(asked.header("user-agent"), Some(agent));
    // What is downloaded is what is there, not what comes of unpacking it.
    assert_eq!(asked.header("accept-encoding"), None);
}

#[tokio::test]
async fn each_way_to_fail_has_a_kind_of_its_own() {
    let chunked = || Answer::status(200).header("transfer-encoding", "chunked");
    let cases = [
        (Answer::empty(401), Kind::Unauthorized),
        (Answer::empty(403), Kind::Forbidden),
        (Answer::empty(404), Kind::NotFound),
        (Answer::empty(429), Kind::TooManyRequests),
        (Answer::empty(503), Kind::ServerError),
        (Answer::empty(418), Kind::OtherStatus),
        (Answer::raw("SSH-2.0-OpenSSH\r\n\r\n"), Kind::Garbage),
        (Answer::raw(vec![0xff; 5_000]), Kind::Garbage),
        (Answer::raw(""), Kind::NoAnswer),
        (Answer::raw("HTTP/1.1 200 OK\r\ncontent-"), Kind::NoAnswer),
        (Answer::raw("").then_stalls(), Kind::TimedOut),
        (Answer::ok("abcdef").cut_after(3), Kind::CutShort),
        (
            Answer::ok("abcdef").cut_after(3).then_stalls(),
            Kind::TimedOut,
        ),
        (
            chunked().with_body("3\r\nabc\r\n9\r\nabcdef").cut_after(13),
            Kind::CutShort,
        ),
        (chunked().with_body("not a length\r\n"), Kind::Garbage),
        (
            Answer::empty(302).header("location", "/"),
            Kind::TooManyRedirects,
        ),
        (
            Answer::empty(302).header("location", "http://127.0.0.1:1/"),
            Kind::Refused,
        ),
        (
            Answer::empty(302).header("location", "ftp://127.0.0.1/"),
            Kind::BadUrl,
        ),
    ];
    for (answer, kind) in cases {
        let error = failure(answer.clone(), kind).await;
        assert_eq!(error.kind(), kind, "{answer:?}: {error}");
        assert!(error.host().starts_with("127.0.0.1"), "{error}");
    }
}

#[tokio::test]
async fn what_stands_at_no_server_fails_by_its_own_kind() {
    let cases = [
        ("http://nowhere.invalid/", Kind::NameNotFound),
        ("http://127.0.0.1:1/", Kind::Refused),
        ("file:///etc/hostname", Kind::BadUrl),
        ("http://user:secret@127.0.0.1:1/", Kind::Refused),
    ];
    for (address, kind) in cases {
        let error = whole(&http(), address).await.unwrap_err();
        // Where even that can't be asked, the network is down.
        assert!(
            error.kind() == kind
                || (kind == Kind::NameNotFound && error.kind() == Kind::Unreachable),
            "{address}: {error}"
        );
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn a_cancel_ends_every_wait_at_once() {
    let stalls: [fn() -> Answer; 2] = [
        || Answer::raw("").then_stalls(),
        || Answer::ok("abcdef").cut_after(3).then_stalls(),
    ];
    for answer in stalls {
        let server = TestServer::start(move |_| answer()).await;
        // Were it not heard, this would wait for a minute.
        let ctx = ctx(|_| {});
        let address = server.url("/");
        let asking = whole_of(&ctx, &address);
        let canceling = async {
            while server.seen().is_empty() {
                tokio::task::yield_now().await;
            }
            ctx.cancel.cancel();
        };
        let (end, ()) = tokio::join!(asking, canceling);
        assert_eq!(ToolError::from(end.unwrap_err()), ToolError::canceled());
    }
}

async fn whole_of(ctx: &ToolExecutionContext, address: &str) -> Result<Vec<u8>, HttpError> {
    whole(&ctx.http(), address).await
}

#[tokio::test]
async fn an_exchange_takes_no_longer_than_it_may_although_something_comes() {
    let ctx = ctx(|settings| settings.overall_timeout = Some(Duration::from_millis(100)));
    let server = TestServer::start(|_| Answer::ok("abc").cut_after(1).then_stalls()).await;
    let error = whole(&ctx.http(), &server.url("/")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::TimedOut);
}

#[tokio::test]
async fn what_may_be_repeated_is_asked_again_until_it_goes_well() {
    let server = TestServer::start(|asked| match asked.times_before {
        0 => Answer::empty(500),
        1 => Answer::raw(""),
        2 => Answer::empty(429).header("retry-after", "0"),
        _ => Answer::ok("at last"),
    })
    .await;
    let quick = HttpRetryPolicy {
        first_delay: Duration::from_millis(1),
        ..HttpRetryPolicy::default()
    };
    let (http, there) = (http(), url(&server.url("/")));
    let answer = http.get(&there).send_retrying(&quick).await.unwrap();
    assert_eq!((answer.status(), server.seen().len()), (200, 4));

    let server = TestServer::start(|_| Answer::empty(500)).await;
    let there = url(&server.url("/"));
    let error = http.get(&there).send_retrying(&quick).await.unwrap_err();
    assert_eq!((error.status(), server.seen().len()), (Some(500), 4));
    let post = http.request(Method::POST, &there).body("once");
    post.send_retrying(&quick).await.unwrap_err();
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_as_long_as_the_server_asks() {
    let (ctx, policy) = (ctx(|_| {}), HttpRetryPolicy::default());
    let error =
        HttpError::new(Kind::TooManyRequests, "a").asking_for(Some(Duration::from_secs(90)));
    let before = tokio::time::Instant::now();
    assert_eq!(ctx.http().wait_to_retry(&policy, &error, 1).await, Ok(true));
    // The clock of tokio counts in milliseconds.
    let waited = before.elapsed().as_millis();
    assert!((90_000..90_010).contains(&waited), "{waited}");

    ctx.cancel.cancel();
    let end = ctx.http().wait_to_retry(&policy, &error, 1).await;
    assert!(end.unwrap_err().is_canceled());
}

proptest! {
    #[test]
    fn an_error_of_a_tool_says_who_may_be_asked_again_and_when(
        status in 400u16..600,
        asked_for in proptest::option::of(0u64..1000),
    ) {
        let asked_for = asked_for.map(Duration::from_secs);
        let error = HttpError::of_status(status, "example.org", asked_for);
        let ToolError::Failed(failure) = ToolError::from(error.clone()) else {
            panic!("it failed");
        };
        prop_assert_eq!(failure.error.retryable, error.may_pass());
        prop_assert_eq!(failure.provider.is_some(), error.may_pass());
        prop_assert_eq!(failure.retry_after, asked_for);
        prop_assert_eq!(failure.error.code, ErrorCode::Tool(error.kind().code().to_owned()));
        let says_status = failure.error.message.contains(&status.to_string());
        prop_assert!(says_status, "{}", failure.error.message);
    }
}

/// A server with a certificate of its own making, and the authority that vouches for it.
fn tls_server(name: &str) -> (u16, Vec<u8>) {
    let authority = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = params.self_signed(&authority).unwrap();
    let issuer = rcgen::Issuer::new(params, authority);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec![name.to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Arc::new(config);
    // Ends with the process: it waits for connections that may never come.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut server = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut tls = rustls::Stream::new(&mut server, &mut stream);
            // Whoever doesn't trust it goes away in the midst.
            let answer =
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
            let _ = tls
                .read(&mut [0; 4096])
                .and_then(|_| tls.write_all(answer.as_bytes()))
                .and_then(|()| tls.flush());
        }
    });
    (port, root.der().to_vec())
}

#[tokio::test]
async fn a_certificate_is_good_if_somebody_trusted_vouches_for_that_name_and_https_stays_https() {
    let (port, root) = tls_server("127.0.0.1");
    let address = format!("https://127.0.0.1:{port}/");
    let error = whole(&http(), &address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls);
    assert!(error.to_string().contains("issued by nobody"), "{error}");

    let trusting = |root: Vec<u8>| ctx(|settings| settings.extra_roots = vec![root]).http();
    // Trusted, and what it says is heard: but it leads to http.
    let error = whole(&trusting(root), &address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::InsecureRedirect, "{error}");

    let (port, root) = tls_server("elsewhere.example");
    let address = format!("https://127.0.0.1:{port}/");
    let error = whole(&trusting(root), &address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls);
    assert!(error.to_string().contains("another name"), "{error}");

    // The other way round: TLS is expected where there is none.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // It hears what to it is garbage, and says so.
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let error = whole(&http(), &address).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Tls);
    assert!(error.to_string().contains("perhaps http"), "{error}");
}
