//! A fault of the page: a panic of its Rust code, or of the engine that runs it, after which nothing
//! in it can be relied on. It is loaded anew and finds everything as the backend has it, unless that
//! happens again and again.
//!
//! A page whose process has crashed is the business of `crash`.

/// Runs in the page before its own scripts. What it notes is read by the page (`src-ui/src/dom.rs`).
pub const GUARD: &str = r#"
(() => {
  const NOTED = "toolroom.faults";
  const FORGIVEN = 3;
  const WITHIN_MS = 60000;
  const told = (fault) => {
    if (!(fault instanceof WebAssembly.RuntimeError)) return;
    const now = Date.now();
    const noted = JSON.parse(sessionStorage.getItem(NOTED) ?? "[]").filter((at) => now - at < WITHIN_MS);
    noted.push(now);
    sessionStorage.setItem(NOTED, JSON.stringify(noted));
    if (noted.length <= FORGIVEN) location.reload();
    else document.body.textContent = "This page fails again and again. Jobs go on. Close the window and open it again.";
  };
  addEventListener("error", (event) => told(event.error));
  addEventListener("unhandledrejection", (event) => told(event.reason));
})();
"#;
