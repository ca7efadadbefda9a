//! Where an archive is written to. It is put on disk while the rest is still being packed, so that at its
//! end there is little to wait for.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    panic,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use toolroom_toolkit::{NewFile, Target, ToolError, ToolExecutionContext};

const WRITE: usize = 256 << 10;
/// How much is written before it is put on disk.
const PART: usize = 16 << 20;

/// An archive's file, which takes bytes until the job is canceled: what is still being packed then must
/// not be waited for.
pub struct Out {
    file: BufWriter<NewFile>,
    ctx: ToolExecutionContext,
    disk: Disk,
    /// How much was written since the disk was told.
    untold: usize,
}

impl Out {
    pub fn create(ctx: &ToolExecutionContext, target: &Target) -> Result<Self, ToolError> {
        let file = target.create()?;
        let disk = file
            .file()
            .and_then(File::try_clone)
            .map_err(|error| ToolError::io("write the archive", target.path(), &error))?;
        Ok(Self {
            file: BufWriter::with_capacity(WRITE, file),
            ctx: ctx.clone(),
            disk: Disk::new(disk),
            untold: 0,
        })
    }

    /// What isn't on disk yet will be when the file is finished.
    pub fn finish(mut self) -> io::Result<NewFile> {
        self.disk.end()?;
        self.file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.ctx.is_canceled() {
            return Err(io::Error::other("canceled"));
        }
        let written = self.file.write(bytes)?;
        self.untold += written;
        if self.untold >= PART {
            self.untold = 0;
            self.disk.tell();
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A thread that puts on disk what was written. Whoever drops it, waits for it.
struct Disk {
    tell: Option<SyncSender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Disk {
    fn new(file: File) -> Self {
        let (tell, told) = sync_channel(1);
        Self {
            tell: Some(tell),
            // joined: by `end` or when it is dropped
            thread: Some(thread::spawn(move || sync(&file, &told))),
        }
    }

    /// There is more. One that is at it already, takes it along the next time.
    fn tell(&self) {
        if let Some(tell) = &self.tell {
            let _ = tell.try_send(());
        }
    }

    /// What went wrong by now: the system tells it once, so it must not get lost.
    fn end(&mut self) -> io::Result<()> {
        self.tell = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => panic::resume_unwind(panic),
            None => Ok(()),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.tell = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn sync(file: &File, told: &Receiver<()>) -> io::Result<()> {
    told.iter().try_for_each(|()| file.sync_data())
}
