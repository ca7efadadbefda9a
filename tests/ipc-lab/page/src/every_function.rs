//! A call of every function of Toolroom's own client, and a look at all that comes: what the client
//! adds to a page is how much larger this makes it. Nobody calls it.

use std::{fmt::Display, hint::black_box, sync::Arc};

use futures::StreamExt;
use toolroom_ipc::{Client, DecodeError, IpcError, TauriTransport};
use toolroom_shared::{
    AuditQuery, Caller, CloseAnswer, JobId, JobsQuery, PathKind, PathWish, Preset, QuestionAnswer,
    QuestionId, QueuePosition, SecretName, StartOptions, WatchId,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::told;

/// Calls every function.
#[wasm_bindgen]
#[allow(deprecated)] // what is deprecated is in the client too
pub async fn every_function(text: String, number: u32) -> Result<(), String> {
    let client = Client::new(Arc::new(TauriTransport));
    let id = || JobId(text.clone());
    let input = || serde_json::Value::from(number);
    let options = StartOptions::default();
    read(
        client
            .answer_question(QuestionId(number), QuestionAnswer::AllowOnce)
            .await,
    )?;
    read(client.answer_close(CloseAnswer::Stay).await)?;
    read(client.choose_paths(wish(&text)).await)?;
    read(client.open_path(id(), text.clone()).await)?;
    read(client.get_thumbnail(id(), text.clone()).await)?;
    read(client.reveal_path(id(), text.clone()).await)?;
    read(client.take_open_requests().await)?;
    read(client.cancel_job(id()).await)?;
    read(client.get_about().await)?;
    read(client.get_settings().await)?;
    read(client.get_storage().await)?;
    read(client.survey_clean_up(number).await)?;
    read(client.clean_up(number).await)?;
    read(client.export_history(text.clone()).await)?;
    read(client.import_history(text.clone()).await)?;
    read(client.change_settings(input()).await)?;
    read(client.reset_settings(text.clone(), None).await)?;
    read(client.cancel_jobs(JobsQuery::default()).await)?;
    read(client.check_input(text.clone(), input()).await)?;
    read(client.end_watch(WatchId(number)).await)?;
    read(client.export_audit(text.clone()).await)?;
    read(client.frontend_ready(text.clone(), None).await)?;
    read(client.get_health().await)?;
    read(client.get_job(id()).await)?;
    read(client.get_permissions().await)?;
    read(client.list_audit(AuditQuery::default()).await)?;
    read(client.list_job_transitions(id()).await)?;
    read(client.list_jobs(JobsQuery::default()).await)?;
    read(client.list_secrets().await)?;
    read(client.list_tools().await)?;
    read(client.list_presets(text.clone()).await)?;
    let preset = Preset {
        name: text.clone(),
        input: input(),
    };
    read(client.save_preset(text.clone(), preset, None).await)?;
    read(client.remove_preset(text.clone(), text.clone()).await)?;
    read(client.save_text(text.clone(), text.clone()).await)?;
    read(client.pause_job(id()).await)?;
    read(client.send_to_job(id(), input()).await)?;
    read(client.read_job_log(id(), number, number).await)?;
    read(client.read_job_output(id(), number).await)?;
    let name = || SecretName::new(text.clone()).map_err(told);
    read(client.remove_secret(name()?).await)?;
    read(client.reorder_job(id(), QueuePosition::First).await)?;
    read(client.resume_job(id()).await)?;
    read(client.retry_job(id()).await)?;
    read(client.run_tool(text.clone(), input()).await)?;
    read(client.set_grant(Caller::App, None, None).await)?;
    read(client.set_secret(name()?, text.clone(), true).await)?;
    read(client.start_tool_job(text.clone(), input(), options).await)?;
    read(client.verify_audit().await)?;
    let (channel, updates) = client.channel().map_err(told)?;
    read(client.watch_job(id(), channel).await)?;
    updates.for_each(async |update| look(update)).await;
    let (channel, updates) = client.channel().map_err(told)?;
    read(client.watch_jobs(None, channel).await)?;
    updates.for_each(async |update| look(update)).await;
    read(client.on_close_asked(look).await)?;
    read(client.on_health_changed(look).await)?;
    read(client.on_settings_changed(look).await)?;
    read(client.on_permissions_changed(look).await)?;
    read(client.on_open_requested(look).await)?;
    read(client.on_paths_dragged(look).await)?;
    read(client.on_paths_dropped(look).await)?;
    read(client.on_tool_job_canceled(look).await)?;
    read(client.on_tool_job_completed(look).await)?;
    read(client.on_tool_job_failed(look).await)?;
    read(client.on_tool_job_progress(look).await)?;
    Ok(())
}

fn wish(title: &str) -> PathWish {
    PathWish {
        kind: PathKind::File,
        several: true,
        title: title.to_owned(),
        beside: None,
    }
}

/// Keeps the compiler from leaving out what nobody looks at.
fn read<T, E: Display>(answer: Result<T, IpcError<E>>) -> Result<(), String> {
    black_box(answer.map_err(told)?);
    Ok(())
}

fn look<T>(event: Result<T, DecodeError>) {
    black_box(event.is_ok());
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_function_of_the_client_is_left_out() {
        let client = include_str!("../../../../src-ui/ipc/src/bindings.rs");
        let calls = include_str!("every_function.rs");
        let functions: Vec<&str> = client
            .split("pub async fn ")
            .skip(1)
            .filter_map(|rest| rest.split('(').next())
            .collect();
        assert!(functions.contains(&"start_tool_job"));
        for function in functions {
            let call = format!("client.{function}(");
            assert!(calls.contains(&call), "{function} is not called");
        }
    }
}
