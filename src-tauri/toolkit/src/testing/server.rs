//! A server on this machine that answers as a test says, also as no server should.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    ops::Range,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::{HttpClient, HttpSettings};

/// A server on this machine. Gone, with all that it was about to say, when dropped.
#[derive(Debug)]
pub struct TestServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Asked>>>,
    /// Its connections, each a task, which end with it.
    _tasks: JoinSet<()>,
}

/// What it was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path and query.
    pub path: String,
    headers: BTreeMap<String, String>,
    /// How often it was asked for the same path before.
    pub times_before: usize,
}

/// What it answers: bytes, and what it does after them.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Sent in place of all the rest.
    raw: Option<Vec<u8>>,
    /// How many bytes of the body are sent.
    sent: usize,
    stalls: bool,
}

impl TestServer {
    /// One that answers each request by `answer`.
    pub async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Asked>>>::default();
        let kept = seen.clone();
        let answer = Arc::new(answer);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, kept.clone(), answer.clone()));
            }
        });
        Self {
            address,
            seen,
            _tasks: tasks,
        }
    }

    /// The address of `path`, which begins with a slash, on it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it was asked until now.
    #[must_use]
    pub fn seen(&self) -> Vec<Asked> {
        self.seen.lock().unwrap().clone()
    }

    /// A client that speaks to it directly, whatever proxy the machine has, and as `change` says.
    #[must_use]
    pub fn client(change: impl FnOnce(&mut HttpSettings)) -> HttpClient {
        let mut settings = HttpSettings {
            proxies: false,
            ..HttpSettings::default()
        };
        change(&mut settings);
        HttpClient::new(settings)
    }
}

async fn serve(
    mut stream: TcpStream,
    seen: Arc<Mutex<Vec<Asked>>>,
    answer: Arc<impl Fn(&Asked) -> Answer>,
) {
    // A client that goes away is no fault of a server's.
    while let Ok(Some(asked)) = read_head(&mut stream, &seen).await {
        let answer = answer(&asked);
        if stream.write_all(&answer.bytes()).await.is_err() {
            return;
        }
        if answer.stalls {
            // Until the client goes away.
            let _ = stream.read(&mut [0]).await;
            return;
        }
        if answer.raw.is_some() || answer.sent < answer.body.len() || !answer.is_framed() {
            return;
        }
    }
}

async fn read_head(
    stream: &mut TcpStream,
    seen: &Mutex<Vec<Asked>>,
) -> std::io::Result<Option<Asked>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).await? == 0 {
            return Ok(None);
        }
        head.extend(byte);
    }
    let text = String::from_utf8(head).unwrap();
    let mut lines = text.lines();
    let path = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut seen = seen.lock().unwrap();
    let times_before = seen.iter().filter(|asked| asked.path == path).count();
    let asked = Asked {
        path,
        headers,
        times_before,
    };
    seen.push(asked.clone());
    Ok(Some(asked))
}

impl Asked {
    /// A header of the request.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// From which byte the rest is asked for.
    #[must_use]
    pub fn from(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

impl Answer {
    /// Good, with a body of a length that is said.
    #[must_use]
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self::status(200)
            .header("content-length", &body.len().to_string())
            .with_body(body)
    }

    /// Of a status, without headers or a body: the length is for the test to say.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            raw: None,
            sent: 0,
            stalls: false,
        }
    }

    /// Of a status, with an empty body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::status(status).header("content-length", "0")
    }

    /// These bytes and nothing else; then the connection ends.
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            raw: Some(bytes.into()),
            ..Self::status(0)
        }
    }

    /// As a good server answers for a file with such a tag: with the rest of it, if that is asked for of
    /// the same file.
    #[must_use]
    pub fn file(asked: &Asked, body: &[u8], tag: &str) -> Self {
        let whole = 0..body.len();
        let part = match (asked.from(), asked.header("if-range")) {
            (Some(from), Some(seen)) if seen == tag => from..body.len(),
            _ => whole.clone(),
        };
        let answer = if part.start > part.end || (part.is_empty() && !whole.is_empty()) {
            let range = format!("bytes */{}", body.len());
            Self::empty(416).header("content-range", &range)
        } else if asked.header("range").is_some() && asked.header("if-range") == Some(tag) {
            Self::part(body, part)
        } else {
            Self::ok(body)
        };
        answer.header("etag", tag)
    }

    /// A part of a body.
    #[must_use]
    pub fn part(body: &[u8], part: Range<usize>) -> Self {
        let range = format!("bytes {}-{}/{}", part.start, part.end - 1, body.len());
        Self {
            status: 206,
            ..Self::ok(&body[part]).header("content-range", &range)
        }
    }

    /// With one header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With that body.
    #[must_use]
    pub fn with_body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self {
            sent: body.len(),
            body,
            ..self
        }
    }

    /// The connection ends after so many bytes of the body.
    #[must_use]
    pub fn cut_after(self, bytes: usize) -> Self {
        Self {
            sent: bytes.min(self.body.len()),
            ..self
        }
    }

    /// Nothing comes after what is sent, and the connection stays.
    #[must_use]
    pub fn then_stalls(self) -> Self {
        Self {
            stalls: true,
            ..self
        }
    }

    fn is_framed(&self) -> bool {
        let has = |name: &str| self.headers.iter().any(|header| header.0 == name);
        has("content-length") || has("transfer-encoding")
    }

    fn bytes(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let mut text = format!("HTTP/1.1 {} As Told\r\n", self.status);
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        let mut bytes = (text + "\r\n").into_bytes();
        bytes.extend_from_slice(&self.body[..self.sent]);
        bytes
    }
}
