//! download-files against `curl`, on one large file and many small ones, from a server on this machine.
//!
//! Ours puts what it wrote on disk before it says that it is done, which curl leaves to the system.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::arena::{Arena, Match};
use crate::bench::data::Data;
use crate::bench::measure::Comparison;
use crate::report;

const LARGE: u64 = 1 << 30;
const SMALL_COUNT: u64 = 500;
const SMALL_SIZE: u64 = 64 << 10;
const AT_ONCE: &str = "4";

/// One large file alone, and all the small ones.
pub fn run(arena: &Arena) -> Result<Vec<Comparison>> {
    let data = if arena.quick {
        Data::make(SMALL_SIZE, 2, SMALL_SIZE)?
    } else {
        report::timed("making one file of 1 GiB and 500 of 64 KiB", || {
            Data::make(LARGE, SMALL_COUNT, SMALL_SIZE)
        })?
    };
    let server = serve(data.folder())?;
    let urls: Vec<String> = data
        .files
        .iter()
        .filter_map(|file| file.strip_prefix(data.folder()).ok())
        .map(|file| format!("http://{server}/{}", file.display()))
        .collect();
    let (large, small) = urls.split_at(1);
    let into = arena.folder().join("downloads");
    let clear = || {
        if into.exists() {
            fs::remove_dir_all(&into)?;
        }
        Ok(fs::create_dir(&into)?)
    };
    let small_bytes = fs::metadata(&data.files[1])?.len() * small.len() as u64;
    let large_bytes = data.bytes - small_bytes;
    let entry = |work, bytes, urls| -> Result<_> {
        Ok(Match {
            work,
            bytes,
            goal: None,
            ours: ours(arena.tool("download-files"), &into, urls),
            reference: "curl",
            theirs: theirs(arena.program("curl")?, &into, urls),
            before: &clear,
        })
    };
    Ok(vec![
        arena.compare(entry("download 1 large", large_bytes, large)?)?,
        arena.compare(entry("download small", small_bytes, small)?)?,
    ])
}

fn ours(mut command: Command, into: &Path, urls: &[String]) -> Command {
    command.env("NO_PROXY", "127.0.0.1");
    command.args(["--at-once", AT_ONCE, "--into"]).arg(into);
    command.arg("--urls").args(urls);
    command
}

fn theirs(mut command: Command, into: &Path, urls: &[String]) -> Command {
    command.args(["--silent", "--fail", "--noproxy", "*", "--parallel"]);
    command.args(["--parallel-max", AT_ONCE, "--remote-name-all"]);
    command.arg("--output-dir").arg(into).args(urls);
    command
}

/// A server of what is in `folder`. It ends with the process: it waits for connections that may never
/// come.
fn serve(folder: &Path) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let folder = folder.to_path_buf();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            // A client that goes away is the end of its connection.
            std::thread::spawn(move || answer(&stream, &folder));
        }
    });
    Ok(address)
}

fn answer(mut stream: &TcpStream, folder: &Path) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(first) = lines.next() {
        let path: PathBuf = first?.split(' ').skip(1).take(1).collect();
        for line in lines.by_ref() {
            if line?.is_empty() {
                break;
            }
        }
        // Only what this process made is there, and only this process's programs ask.
        let path = path.strip_prefix("/").unwrap_or(&path);
        let mut file = File::open(folder.join(path))?;
        let length = file.metadata()?.len();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\netag: \"1\"\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_server_gives_what_is_there_as_often_as_it_is_asked() {
        let data = Data::make(1_000, 1, 10).unwrap();
        let mut stream = TcpStream::connect(serve(data.folder()).unwrap()).unwrap();
        let content = fs::read(data.folder().join("large.bin")).unwrap();
        for _ in 0..2 {
            stream
                .write_all(b"GET /large.bin HTTP/1.1\r\nhost: a\r\n\r\n")
                .unwrap();
            let mut answer = vec![0; 52 + content.len()];
            stream.read_exact(&mut answer).unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
            assert!(answer.ends_with(&content));
        }
    }

    #[test]
    fn both_get_every_address() {
        let urls = ["http://a/1".to_owned(), "http://a/2".to_owned()];
        for command in [
            ours(Command::new("toolroom"), Path::new("x"), &urls),
            theirs(Command::new("curl"), Path::new("x"), &urls),
        ] {
            let given = command
                .get_args()
                .filter(|arg| urls.iter().any(|url| **arg == **url));
            assert_eq!(given.count(), 2);
        }
    }
}
