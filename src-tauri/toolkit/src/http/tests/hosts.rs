//! Which servers may be asked, by the address itself and where a redirect leads.

use super::*;
use crate::{Access, Hosts};

fn only(hosts: &[String]) -> Http {
    let patterns = hosts.iter().map(|host| host.parse().unwrap());
    let access = Access {
        hosts: Hosts::Only(patterns.collect()),
        ..Access::everything()
    };
    ctx(|_| {}).confined(access).http()
}

fn authority(server: &TestServer) -> String {
    let address = url(&server.url("/"));
    format!(
        "{}:{}",
        address.host_str().unwrap(),
        address.port().unwrap()
    )
}

#[tokio::test]
async fn a_redirect_leads_to_no_server_that_may_not_be_asked() {
    let secret = TestServer::start(|_| Answer::ok("secret")).await;
    let to = secret.url("/there");
    let first =
        TestServer::start(move |_| Answer::empty(302).header("location", &to.clone())).await;
    let error = whole(&only(&[authority(&first)]), &first.url("/")).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::NotGranted);
    assert_eq!((first.seen().len(), secret.seen().len()), (1, 0));
    let ToolError::Failed(failed) = ToolError::from(error) else {
        panic!("it failed");
    };
    assert_eq!(failed.error.code, ErrorCode::PermissionDenied);
    assert!(!failed.error.retryable);

    let both = only(&[authority(&first), authority(&secret)]);
    assert_eq!(whole(&both, &first.url("/")).await.unwrap(), b"secret");
}

#[tokio::test]
async fn a_server_that_may_not_be_asked_never_hears_of_it() {
    let server = TestServer::start(|_| Answer::ok("secret")).await;
    let granted = only(&["example.org".to_owned(), "127.0.0.1:1".to_owned()]);
    let undeclared = ctx(|_| {}).confined(Access::declared(&[])).http();
    for (http, kind) in [(granted, Kind::NotGranted), (undeclared, Kind::NotDeclared)] {
        let error = whole(&http, &server.url("/")).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
    assert_eq!(server.seen().len(), 0);
}
