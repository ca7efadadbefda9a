//! What `cargo xtask new-tool` writes, under the name that it has there: it compiles, its own test is run
//! here, and it is held to what is asked of every tool.

use std::sync::Arc;

use toolroom_toolkit::testing::check_tool;

#[path = "new_tool/template_tool.rs"]
mod template_tool;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_tool_does_what_every_tool_must() {
    check_tool(Arc::new(template_tool::TemplateTool)).await;
}
