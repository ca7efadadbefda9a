// Every command and event of the contract, against the framework's own mocks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { emit } from "@tauri-apps/api/event";
import * as ipc from "@toolroom/ipc";
import type { AppError, CallOptions, Commands, Events, Listener, Result } from "@toolroom/ipc";

import { examples, payloads, refusal, type Watching } from "./examples.js";
import { backend, backendWithEvents } from "./page.js";

type Name = Exclude<keyof Commands, Watching>;
type Outcome<K extends Name> = Promise<Result<Commands[K]["value"], AppError>>;

/** Calls each function with the arguments of its command; the compiler sees that they fit. */
const calls: { [K in Name]: (args: Commands[K]["args"], options?: CallOptions) => Outcome<K> } = {
  answer_question: (a, o) => ipc.answerQuestion(a.questionId, a.answer, o),
  answer_close: (a, o) => ipc.answerClose(a.answer, o),
  cancel_job: (a, o) => ipc.cancelJob(a.jobId, o),
  cancel_jobs: (a, o) => ipc.cancelJobs(a.query, o),
  change_settings: (a, o) => ipc.changeSettings(a.changeJson, o),
  check_input: (a, o) => ipc.checkInput(a.toolName, a.inputJson, o),
  clean_up: (a, o) => ipc.cleanUp(a.olderThanDays, o),
  choose_paths: (a, o) => ipc.choosePaths(a.wish, o),
  end_watch: (a, o) => ipc.endWatch(a.watchId, o),
  export_history: (a, o) => ipc.exportHistory(a.path, o),
  export_audit: (a, o) => ipc.exportAudit(a.path, o),
  frontend_ready: (a, o) => ipc.frontendReady(a.contractHash, a.lastEvent, o),
  get_about: (_, o) => ipc.getAbout(o),
  get_health: (_, o) => ipc.getHealth(o),
  get_job: (a, o) => ipc.getJob(a.jobId, o),
  get_storage: (_, o) => ipc.getStorage(o),
  get_thumbnail: (a, o) => ipc.getThumbnail(a.jobId, a.path, o),
  import_history: (a, o) => ipc.importHistory(a.path, o),
  get_settings: (_, o) => ipc.getSettings(o),
  get_permissions: (_, o) => ipc.getPermissions(o),
  list_audit: (a, o) => ipc.listAudit(a.query, o),
  list_job_transitions: (a, o) => ipc.listJobTransitions(a.jobId, o),
  list_jobs: (a, o) => ipc.listJobs(a.query, o),
  list_secrets: (_, o) => ipc.listSecrets(o),
  list_presets: (a, o) => ipc.listPresets(a.toolName, o),
  list_tools: (_, o) => ipc.listTools(o),
  open_path: (a, o) => ipc.openPath(a.jobId, a.path, o),
  pause_job: (a, o) => ipc.pauseJob(a.jobId, o),
  read_job_log: (a, o) => ipc.readJobLog(a.jobId, a.after, a.limit, o),
  read_job_output: (a, o) => ipc.readJobOutput(a.jobId, a.offset, o),
  remove_secret: (a, o) => ipc.removeSecret(a.name, o),
  remove_preset: (a, o) => ipc.removePreset(a.toolName, a.name, o),
  reorder_job: (a, o) => ipc.reorderJob(a.jobId, a.position, o),
  reset_settings: (a, o) => ipc.resetSettings(a.section, a.field, o),
  resume_job: (a, o) => ipc.resumeJob(a.jobId, o),
  retry_job: (a, o) => ipc.retryJob(a.jobId, o),
  save_preset: (a, o) => ipc.savePreset(a.toolName, a.preset, a.insteadOf, o),
  save_text: (a, o) => ipc.saveText(a.fileName, a.text, o),
  send_to_job: (a, o) => ipc.sendToJob(a.jobId, a.messageJson, o),
  set_grant: (a, o) => ipc.setGrant(a.caller, a.before, a.grant, o),
  set_secret: (a, o) => ipc.setSecret(a.name, a.secret, a.allowFile, o),
  survey_clean_up: (a, o) => ipc.surveyCleanUp(a.olderThanDays, o),
  reveal_path: (a, o) => ipc.revealPath(a.jobId, a.path, o),
  run_tool: (a, o) => ipc.runTool(a.toolName, a.inputJson, o),
  take_open_requests: (_, o) => ipc.takeOpenRequests(o),
  start_tool_job: (a, o) => ipc.startToolJob(a.toolName, a.inputJson, a.options, o),
  verify_audit: (_, o) => ipc.verifyAudit(o),
};

function run<K extends Name>(name: K, options?: CallOptions): Outcome<K> {
  return calls[name](examples[name].args, options);
}

for (const name of Object.keys(examples) as Name[]) {
  test(`${name}: arguments arrive as they were sent, and the answer comes back`, async () => {
    const received = backend(() => examples[name].value);
    const outcome = await run(name);
    assert.deepEqual(received, [{ command: name, args: examples[name].args }]);
    assert.deepEqual(outcome, { ok: true, value: examples[name].value });
  });

  test(`${name}: its own error arrives whole`, async () => {
    backend(() => Promise.reject(refusal));
    assert.deepEqual(await run(name), {
      ok: false,
      error: { kind: "command", error: refusal, message: refusal.message },
    });
  });

  test(`${name}: a call that was given up isn't made`, async () => {
    const received = backend();
    const outcome = await run(name, { signal: AbortSignal.abort("enough") });
    assert.deepEqual(received, []);
    assert.equal(outcome.ok ? "ok" : outcome.error.kind, "aborted");
  });
}

test("the functions are those of the contract and no others", () => {
  const functions = Object.keys(ipc).filter((name) => /^[a-z]/.test(name));
  const camelCase = (text: string): string =>
    text.replace(/[-_](.)/g, (_, letter: string) => letter.toUpperCase());
  const watching: Watching[] = ["watch_job", "watch_jobs"];
  const commands = [...Object.keys(examples), ...watching].map(camelCase);
  const events = Object.keys(payloads).map((event) => camelCase(`on-${event}`));
  const own = ["setTransport", "tauriTransport", "unwrap", "withTransport"];
  assert.deepEqual(functions.sort(), [...commands, ...events, ...own].sort());
});

/** Listens to each event; the compiler sees that the payloads fit. */
const listens: {
  [K in keyof Events]: (handler: (payload: Events[K]) => void) => Promise<Result<Listener, never>>;
} = {
  "close-asked": ipc.onCloseAsked,
  "health-changed": ipc.onHealthChanged,
  "settings-changed": ipc.onSettingsChanged,
  "permissions-changed": ipc.onPermissionsChanged,
  "open-requested": ipc.onOpenRequested,
  "paths-dragged": ipc.onPathsDragged,
  "paths-dropped": ipc.onPathsDropped,
  "tool-job-canceled": ipc.onToolJobCanceled,
  "tool-job-completed": ipc.onToolJobCompleted,
  "tool-job-failed": ipc.onToolJobFailed,
  "tool-job-progress": ipc.onToolJobProgress,
};

for (const name of Object.keys(payloads) as (keyof Events)[]) {
  test(`${name}: the payload arrives as it was sent, and nothing after a stop`, async () => {
    backendWithEvents();
    const heard: unknown[] = [];
    const outcome = await listens[name]((payload) => heard.push(payload));
    assert.ok(outcome.ok);
    await emit(name, payloads[name]);
    outcome.value.stop();
    await emit(name, payloads[name]);
    assert.deepEqual(heard, [payloads[name]]);
  });
}
