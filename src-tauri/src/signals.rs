//! The system's wish that the app ends (SIGTERM, SIGINT, SIGHUP): it is closed in order, as if its
//! window had been. A second one ends it at once.

use tauri::{AppHandle, Runtime};
use toolroom_engine::{Service, ServiceContext, ServiceEnd};

/// The service that listens.
pub fn service<R: Runtime>(app: AppHandle<R>) -> Service {
    Service::new("stop-signals", move |context| listen(app.clone(), context))
}

#[cfg(unix)]
async fn listen<R: Runtime>(app: AppHandle<R>, context: ServiceContext) -> ServiceEnd {
    use tokio::signal::unix::{SignalKind, signal};
    let watch = |kind| signal(kind).map_err(|error| format!("It can't listen: {error}"));
    let mut terminate = watch(SignalKind::terminate())?;
    let mut interrupt = watch(SignalKind::interrupt())?;
    let mut hang_up = watch(SignalKind::hangup())?;
    context.ready();
    let mut asked = false;
    loop {
        tokio::select! {
            () = context.stopped() => return Ok(()),
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
        if asked {
            // What was acknowledged is stored; the rest is for the next start.
            std::process::exit(1);
        }
        asked = true;
        app.exit(0);
    }
}

#[cfg(not(unix))]
async fn listen<R: Runtime>(app: AppHandle<R>, context: ServiceContext) -> ServiceEnd {
    context.ready();
    tokio::select! {
        () = context.stopped() => {}
        _ = tokio::signal::ctrl_c() => app.exit(0),
    }
    context.stopped().await;
    Ok(())
}
