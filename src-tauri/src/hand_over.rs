//! A second start with the same data folder: it hands over what it was asked to the window that is there
//! and ends. They meet at a socket in the folder, so that two folders are two windows.
//!
//! Only the folder's owner reaches it, and who asks is looked at once more. On systems without such
//! sockets the second start says that the folder is in use.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};
use toolroom_shared::OpenRequest;

#[cfg(unix)]
pub use unix::{hand_over, service};

/// What a second start says: one line of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Come up, and show this if there is something.
    Show {
        /// What to show.
        request: Option<OpenRequest>,
    },
    /// Tests' way to press the window's own button for closing.
    #[cfg(debug_assertions)]
    Close,
    /// Tests' way to drag files over the window and to drop them; there is none in what ships.
    #[cfg(debug_assertions)]
    Drag {
        /// Where, in pixels of the window; none when they leave.
        place: Option<(f64, f64)>,
        /// What is dropped there.
        dropped: Option<Vec<std::path::PathBuf>>,
    },
}

#[cfg(unix)]
mod unix {
    use std::{
        io::{BufRead, BufReader, Write},
        os::unix::{
            fs::{MetadataExt, PermissionsExt},
            net::UnixStream as BlockingStream,
        },
        path::PathBuf,
        time::{Duration, Instant},
    };

    use tauri::{AppHandle, Manager, Wry};
    use tokio::{
        io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader as AsyncReader},
        net::{UnixListener, UnixStream},
    };
    use toolroom_engine::{Service, ServiceContext, ServiceEnd};

    use super::*;
    use crate::{closing, state::AppState};

    const SOCKET: &str = "window.sock";
    const HEARD: &[u8] = b"heard\n";
    /// The longest message.
    const MOST_BYTES: u64 = 4 * 1_024 * 1_024;
    /// How long who has connected may take to speak.
    const PATIENCE: Duration = Duration::from_secs(5);
    /// How long a window that has just begun may take to listen.
    const BEGINS_WITHIN: Duration = Duration::from_secs(10);
    const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

    /// The service that listens for second starts.
    pub fn service(app: AppHandle<Wry>, data_dir: &Path) -> Service {
        let socket = data_dir.join(SOCKET);
        Service::new("second-starts", move |context| {
            listen(app.clone(), socket.clone(), context)
        })
    }

    async fn listen(app: AppHandle<Wry>, socket: PathBuf, context: ServiceContext) -> ServiceEnd {
        // What lies there is a leftover: this process holds the folder's lock.
        let _ = std::fs::remove_file(&socket);
        let listener = match open(&socket) {
            Ok(listener) => listener,
            Err(error) => {
                // The window does without; trying again would change nothing.
                eprintln!("toolroom: a second start can't bring this window up: {error}");
                context.ready();
                context.stopped().await;
                return Ok(());
            }
        };
        let owner = std::fs::metadata(&socket).map(|about| about.uid());
        let owner = owner.map_err(|error| error.to_string())?;
        context.ready();
        loop {
            let stream = tokio::select! {
                () = context.stopped() => break,
                taken = listener.accept() => taken.map_err(|error| error.to_string())?.0,
            };
            // One after the other: each takes a moment, and a person starts few.
            match tokio::time::timeout(PATIENCE, hear(stream, owner)).await {
                Ok(Ok(message)) => obey(&app, message),
                Ok(Err(error)) => eprintln!("toolroom: a second start was not understood: {error}"),
                Err(_) => eprintln!("toolroom: a second start said nothing in time."),
            }
        }
        let _ = std::fs::remove_file(&socket);
        Ok(())
    }

    fn open(socket: &Path) -> io::Result<UnixListener> {
        let listener = UnixListener::bind(socket)?;
        std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    }

    async fn hear(stream: UnixStream, owner: u32) -> io::Result<Message> {
        if stream.peer_cred()?.uid() != owner {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let (from, mut to) = stream.into_split();
        let mut line = Vec::new();
        let mut from = AsyncReader::new(from.take(MOST_BYTES));
        from.read_until(b'\n', &mut line).await?;
        let message = serde_json::from_slice(&line)?;
        to.write_all(HEARD).await?;
        Ok(message)
    }

    fn obey(app: &AppHandle<Wry>, message: Message) {
        match message {
            Message::Show { request } => {
                closing::bring_up(app);
                if let (Some(request), Some(state)) = (request, app.try_state::<AppState>()) {
                    state.open_requests().tell(app, request);
                }
            }
            #[cfg(debug_assertions)]
            Message::Close => close(app),
            #[cfg(debug_assertions)]
            Message::Drag { place, dropped } => drag(app, place, dropped),
        }
    }

    #[cfg(debug_assertions)]
    fn close(app: &AppHandle<Wry>) {
        if let Some(window) = app.get_webview_window(crate::MAIN_WINDOW) {
            let _ = window.close();
        }
    }

    #[cfg(debug_assertions)]
    fn drag(app: &AppHandle<Wry>, place: Option<(f64, f64)>, dropped: Option<Vec<PathBuf>>) {
        use tauri::{DragDropEvent, PhysicalPosition};
        let Some(window) = app.get_webview_window(crate::MAIN_WINDOW) else {
            return;
        };
        let event = match (place.map(PhysicalPosition::from), dropped) {
            (Some(position), Some(paths)) => DragDropEvent::Drop { paths, position },
            (Some(position), None) => DragDropEvent::Over { position },
            (None, _) => DragDropEvent::Leave,
        };
        crate::drops::tell(&window, &event);
    }

    /// Hands a message over to the window of a data folder.
    ///
    /// # Errors
    /// When no window listens there, or it doesn't say that it has heard.
    pub fn hand_over(data_dir: &Path, message: &Message) -> io::Result<()> {
        let socket = data_dir.join(SOCKET);
        let begun = Instant::now();
        let mut stream = loop {
            match BlockingStream::connect(&socket) {
                Ok(stream) => break stream,
                Err(error) if begun.elapsed() > BEGINS_WITHIN => return Err(error),
                // sleep: a window that has just begun tells nobody when it listens
                Err(_) => std::thread::sleep(BETWEEN_LOOKS),
            }
        };
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        stream.write_all(&line)?;
        let mut answer = Vec::new();
        BufReader::new(stream).read_until(b'\n', &mut answer)?;
        if answer == HEARD {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn owner_of(folder: &Path) -> u32 {
            std::fs::metadata(folder).unwrap().uid()
        }

        #[tokio::test]
        async fn what_a_second_start_says_is_heard_as_it_was_said() {
            let folder = tempfile::tempdir().unwrap();
            let listener = open(&folder.path().join(SOCKET)).unwrap();
            let mode = std::fs::metadata(folder.path().join(SOCKET))
                .unwrap()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
            let message = Message::Show { request: None };
            let (said, at) = (message.clone(), folder.path().to_owned());
            let said = tokio::task::spawn_blocking(move || hand_over(&at, &said));
            let (stream, _) = listener.accept().await.unwrap();
            let heard = hear(stream, owner_of(folder.path())).await.unwrap();
            assert_eq!(heard, message);
            said.await.unwrap().unwrap();
        }

        #[tokio::test]
        async fn who_is_not_the_owner_is_not_heard() {
            let folder = tempfile::tempdir().unwrap();
            let listener = open(&folder.path().join(SOCKET)).unwrap();
            let at = folder.path().to_owned();
            let said = tokio::task::spawn_blocking(move || {
                hand_over(&at, &Message::Show { request: None })
            });
            let (stream, _) = listener.accept().await.unwrap();
            let other = owner_of(folder.path()) + 1;
            let refused = hear(stream, other).await.unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
            assert!(said.await.unwrap().is_err());
        }
    }
}

/// Without such sockets nobody hears it.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub fn hand_over(_data_dir: &Path, _message: &Message) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
