//! What must be true of every tool, of examples that need a server.

use std::sync::Arc;

use serde_json::{Value, json};
use toolroom_toolkit::{
    DynTool, Example, InputProblem, PreparedJob, ToolDefinition,
    testing::{Answer, TestServer, check_tool},
};
use toolroom_tools::download_files::DownloadFiles;

/// The tool, with examples that a test's server answers.
struct WithServer {
    tool: Arc<DownloadFiles>,
    urls: Vec<String>,
}

impl DynTool for WithServer {
    fn definition(&self) -> ToolDefinition {
        self.tool.definition()
    }

    fn examples(&self) -> Vec<Example> {
        // What is kept after a cancel is not what is there after a whole run: that it is right is shown
        // elsewhere.
        let input = json!({ "urls": self.urls, "into": "down", "resume": false, "at_once": 2 });
        vec![Example::new("Download files", input)]
    }

    fn prepare(self: Arc<Self>, input: &Value) -> Result<PreparedJob, Vec<InputProblem>> {
        let work = self.tool.clone().prepare(input)?;
        Ok(Box::new(move |mut ctx| {
            ctx.http_client = TestServer::client(|_| {});
            work(ctx)
        }))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_what_every_tool_must() {
    let server = TestServer::start(|asked| match asked.path.as_str() {
        "/small" => Answer::ok("small"),
        _ => Answer::ok(super::noise(12 << 20)),
    })
    .await;
    let urls = ["/a", "/b", "/small"].map(|path| server.url(path));
    check_tool(Arc::new(WithServer {
        tool: Arc::new(DownloadFiles),
        urls: urls.to_vec(),
    }))
    .await;
}
