//! Ctrl-C, and on Unix also a polite request to end. What becomes of it is the receiver's business.

use toolroom_shared::{AppError, ErrorCode};

/// From when it is made, the process is no longer ended by a Ctrl-C but told of it.
pub struct StopSignal {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl StopSignal {
    /// Begins to listen.
    ///
    /// # Errors
    /// `io_error`, when the system doesn't let it.
    pub fn new() -> Result<Self, AppError> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let watch = |kind| {
                signal(kind).map_err(|error| AppError::new(ErrorCode::Io, error.to_string()))
            };
            Ok(Self {
                terminate: watch(SignalKind::terminate())?,
                interrupt: watch(SignalKind::interrupt())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next one.
    pub async fn received(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
