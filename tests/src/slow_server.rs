//! A server whose downloads come to a certain point and then hardly go on: jobs that run for as long as
//! a test needs them, without work for the machine.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

use anyhow::Result;

/// How large each file is said to be.
const WHOLE: usize = 8_000_000;
/// How much of it comes at once.
const AT_ONCE: usize = 4_960_000;
/// How long there is between two bytes of the rest: too short for anyone to give up.
const BETWEEN: Duration = Duration::from_secs(5);

/// The server. It ends when it is dropped.
pub struct SlowServer {
    address: SocketAddr,
    /// Dropping it ends the pauses.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl SlowServer {
    /// Starts it.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = channel();
        let thread = std::thread::spawn(move || serve(&listener, &stopped));
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address of a file with that name.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }
}

impl Drop for SlowServer {
    fn drop(&mut self) {
        self.stop = None;
        // Wakes it, should it wait for somebody.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(listener: &TcpListener, stopped: &Receiver<()>) {
    let mut open: Vec<TcpStream> = Vec::new();
    let _ = listener.set_nonblocking(true);
    loop {
        while let Ok((stream, _)) = listener.accept() {
            open.extend(begin(stream).ok());
        }
        match stopped.recv_timeout(if open.is_empty() {
            BETWEEN / 100
        } else {
            BETWEEN / 50
        }) {
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
            _ => return,
        }
        open.retain_mut(|stream| stream.write_all(b"x").is_ok());
    }
}

/// Answers with most of a file.
fn begin(stream: TcpStream) -> Result<TcpStream> {
    stream.set_nonblocking(false)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let mut stream = stream;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {WHOLE}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(&vec![7; AT_ONCE])?;
    Ok(stream)
}
