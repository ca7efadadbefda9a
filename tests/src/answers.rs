//! Answers of the backend, changed on their way into the page: for what can't be brought about.

use anyhow::Result;
use serde_json::Value;

use crate::window::{READ_JSON_TEXT, Window};

impl Window {
    /// From now on, until the page is loaded anew, puts every answer to `command` through
    /// `change`: the body of an asynchronous JavaScript function of `answer` and the call's `args`
    /// that returns the answer. What it throws is what the command fails with.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn change_answers(&self, command: &str, change: &str) -> Result<Value> {
        let script = format!(
            "
            const read = {READ_JSON_TEXT};
            window.changes ??= {{}};
            window.changes[{command:?}] = async (answer, args) => {{ {change} }};
            if (window.sent) return;
            window.sent = window.fetch;
            window.fetch = async (url, options) => {{
                const response = await window.sent(url, options);
                const change = window.changes[String(url).split('/').pop()];
                if (!change || response.headers.get('Tauri-Response') !== 'ok') return response;
                const reply = (kind, value) => new Response(JSON.stringify(value), {{
                    headers: {{ 'Content-Type': 'application/json', 'Tauri-Response': kind }},
                }});
                try {{
                    const args = await new Response(options.body).json();
                    const body = await response.arrayBuffer();
                    const isJson = response.headers.get('Content-Type').includes('json');
                    const answer = isJson
                        ? JSON.parse(new TextDecoder().decode(body)) : read(body);
                    return reply('ok', await change(answer, args));
                }} catch (error) {{
                    return reply('error', error);
                }}
            }};"
        );
        self.run(&script).await
    }
}
