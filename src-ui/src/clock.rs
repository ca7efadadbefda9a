//! Time, behind a seam: the page's own clock in the window, one moved by hand in tests.

use std::sync::Arc;

use toolroom_ipc::LocalBoxFuture;

/// Tells the time and waits.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> u64 + Send + Sync>,
    sleep: Arc<dyn Fn(u32) -> LocalBoxFuture<()> + Send + Sync>,
}

impl Clock {
    /// The browser's clock.
    #[must_use]
    pub fn of_the_page() -> Self {
        Self {
            // Milliseconds since 1970 stay far below 2^53.
            now: Arc::new(|| js_sys::Date::now().max(0.0) as u64),
            sleep: Arc::new(|ms| Box::pin(gloo_timers::future::TimeoutFuture::new(ms))),
        }
    }

    /// Milliseconds since 1970, UTC.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        (self.now)()
    }

    /// Waits for so many milliseconds.
    pub async fn sleep(&self, ms: u32) {
        (self.sleep)(ms).await;
    }

    /// A clock that stands still until the number is changed; waiting takes no time.
    #[cfg(test)]
    #[must_use]
    pub fn by_hand(now: &Arc<std::sync::atomic::AtomicU64>) -> Self {
        let now = now.clone();
        Self {
            now: Arc::new(move || now.load(std::sync::atomic::Ordering::Relaxed)),
            sleep: Arc::new(|_| Box::pin(std::future::ready(()))),
        }
    }
}
