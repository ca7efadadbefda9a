//! The connections to servers, their time-outs, and the way that redirects may lead.

use std::{
    error::Error,
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::{
    Client, Method, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use super::{
    error::{HttpError, HttpErrorKind},
    request::HttpRequest,
    retry::HttpRetryPolicy,
    tls,
};
use crate::{BlockingPool, Hosts};

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// How long a connection may take to come about, its encryption included.
    pub connect_timeout: Duration,
    /// How long nothing at all may come while an answer is waited for or read.
    pub idle_timeout: Duration,
    /// How long an exchange may take in all, its answer's body included; none for as long as it likes.
    pub overall_timeout: Option<Duration>,
    /// How many redirects are followed. None leads from https to http.
    pub redirects: usize,
    /// Whether the environment or the system may name a proxy.
    pub proxies: bool,
    /// Certificates, in DER, that are trusted beside those that the system trusts.
    pub extra_roots: Vec<Vec<u8>>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(60),
            overall_timeout: None,
            redirects: 10,
            proxies: true,
            extra_roots: Vec::new(),
        }
    }
}

/// The connections of all jobs of an engine. Clones are the same one. Nothing is opened or read before
/// the first request.
#[derive(Clone, Debug, Default)]
pub struct HttpClient {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: HttpSettings,
    hosts: Hosts,
    client: Mutex<Arc<OnceCell<Client>>>,
}

impl Default for Shared {
    fn default() -> Self {
        Self::new(HttpSettings::default(), Hosts::All)
    }
}

impl Shared {
    fn new(settings: HttpSettings, hosts: Hosts) -> Self {
        Self {
            settings,
            hosts,
            client: Mutex::default(),
        }
    }
}

impl HttpClient {
    /// A client of its own.
    #[must_use]
    pub fn new(settings: HttpSettings) -> Self {
        Self {
            shared: Arc::new(Shared::new(settings, Hosts::All)),
        }
    }

    /// One that asks these servers alone, also where a redirect leads. Its connections are its own,
    /// unless all may be asked.
    #[must_use]
    pub fn within(&self, hosts: Hosts) -> Self {
        if self.shared.hosts == hosts {
            return self.clone();
        }
        Self {
            shared: Arc::new(Shared::new(self.shared.settings.clone(), hosts)),
        }
    }

    /// Closes the connections that nobody uses; new ones are made when they are needed.
    pub fn let_go(&self) {
        *self.current() = Arc::default();
    }

    fn current(&self) -> MutexGuard<'_, Arc<OnceCell<Client>>> {
        let current = &self.shared.client;
        current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job's door to the network. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    client: HttpClient,
    pub(super) cancel: CancellationToken,
    pool: BlockingPool,
}

impl Http {
    pub(super) fn new(client: HttpClient, cancel: CancellationToken, pool: BlockingPool) -> Self {
        Self {
            client,
            cancel,
            pool,
        }
    }

    /// A request to read what is there.
    pub fn get(&self, url: &Url) -> HttpRequest {
        self.request(Method::GET, url)
    }

    /// Any request.
    pub fn request(&self, method: Method, url: &Url) -> HttpRequest {
        HttpRequest::new(self.clone(), method, url)
    }

    /// Waits until `policy` lets a failed request be tried again. False, at once, if it doesn't.
    ///
    /// `failures` counts this one. That the request may be repeated is for the caller to know.
    ///
    /// # Errors
    /// If the job is to stop.
    pub async fn wait_to_retry(
        &self,
        policy: &HttpRetryPolicy,
        error: &HttpError,
        failures: u32,
    ) -> Result<bool, HttpError> {
        let Some(delay) = policy.delay(error, failures, fastrand::f64()) else {
            return Ok(false);
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(HttpError::canceled(error.host())),
            // sleep: the server is given time, and nothing tells when it is well again.
            () = tokio::time::sleep(delay) => Ok(true),
        }
    }

    /// Whether a server may be asked at all.
    pub(super) fn check(&self, url: &Url) -> Result<(), HttpErrorKind> {
        let hosts = &self.client.shared.hosts;
        match hosts {
            Hosts::None => Err(HttpErrorKind::NotDeclared),
            _ if allows(hosts, url) => Ok(()),
            _ => Err(HttpErrorKind::NotGranted),
        }
    }

    pub(super) fn settings(&self) -> &HttpSettings {
        &self.client.shared.settings
    }

    /// The library's client. Made at the first request, where it holds up nothing: the system's
    /// certificates are files.
    pub(super) async fn client(&self, host: &str) -> Result<Client, HttpError> {
        let make = || async {
            let settings = self.settings().clone();
            let hosts = self.client.shared.hosts.clone();
            match self.pool.run(move || build(&settings, hosts)).await {
                Some(Ok(client)) => Ok(client),
                Some(Err(text)) => Err(HttpError::new(HttpErrorKind::Other, host).because(text)),
                // The runtime is going down.
                None => Err(HttpError::canceled(host)),
            }
        };
        let current = self.client.current().clone();
        current.get_or_try_init(make).await.cloned()
    }
}

fn build(settings: &HttpSettings, hosts: Hosts) -> Result<Client, String> {
    let tls = tls::config(&settings.extra_roots).map_err(|error| error.to_string())?;
    let mut builder = Client::builder()
        .user_agent(concat!("toolroom/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.idle_timeout)
        .dns_resolver(Arc::new(SystemNames))
        .redirect(redirects(settings.redirects, hosts))
        // Where an answer leads on to is nobody else's business.
        .referer(false);
    if !settings.proxies {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| error.to_string())
}

fn allows(hosts: &Hosts, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    hosts.allow(host, url.port_or_known_default().unwrap_or_default())
}

/// No longer than so many, to no server that may not be asked, and never from https to http.
fn redirects(most: usize, hosts: Hosts) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        let was_safe = attempt.previous().iter().any(|url| url.scheme() == "https");
        if was_safe && attempt.url().scheme() != "https" {
            attempt.error(BadRedirect::Insecure)
        } else if !allows(&hosts, attempt.url()) {
            attempt.error(BadRedirect::NotGranted)
        } else if attempt.previous().len() > most {
            attempt.error(BadRedirect::TooMany)
        } else {
            attempt.follow()
        }
    })
}

/// A redirect that isn't followed.
#[derive(Clone, Copy, Debug)]
pub(super) enum BadRedirect {
    Insecure,
    NotGranted,
    TooMany,
}

impl fmt::Display for BadRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Insecure => "a redirect from https to http",
            Self::NotGranted => "a redirect to a server that may not be asked",
            Self::TooMany => "too many redirects",
        })
    }
}

impl Error for BadRedirect {}

/// The system's way to look up names, whose failures can be told from others.
#[derive(Debug)]
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let addresses: Vec<_> = found.map_err(BadName)?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// A name that could not be looked up.
#[derive(Debug)]
pub(super) struct BadName(pub io::Error);

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for BadName {}
