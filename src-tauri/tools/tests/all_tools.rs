//! What must be true of every tool in the catalogue.

#![allow(clippy::unwrap_used, clippy::panic)] // the helpers of tests may panic as tests do

use std::sync::Arc;

use toolroom_toolkit::testing::check_tool;

/// Its schemas are sound and refuse unknown fields; its examples are accepted and end well; percent never
/// falls and ends at 100; broken off at the beginning of any phase and in the midst of any count it stops
/// within 4 MiB and 50 steps, and leaves nothing that is not as it is after a whole run.
#[tokio::test(flavor = "multi_thread")]
async fn every_tool_does_what_every_tool_must() {
    for tool in toolroom_tools::all() {
        eprintln!("{}", tool.definition().name);
        check_tool(Arc::from(tool)).await;
    }
}
