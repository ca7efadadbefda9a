// One example of each type of the contract. The compiler holds it against the bindings.

import { CONTRACT_HASH } from "@toolroom/ipc";
import type {
  AppError,
  Commands,
  Events,
  HealthSnapshot,
  JobSnapshot,
  JobSummary,
  JobUpdate,
  JobsUpdate,
  ToolDefinition,
} from "@toolroom/ipc";

export const refusal: AppError = {
  code: "unknown_job",
  message: "No job has the id j.",
  details: { problems: [{ pointer: "/files", message: "Choose a file." }] },
  retryable: false,
};

export const summary: JobSummary = {
  job_id: "j",
  tool_name: "t",
  status: "Running",
  progress_pct: 40,
  stage: "Counting",
  message: null,
  output_bytes: null,
  error: null,
  revision: 7,
  attempt: 1,
  cancel_requested: false,
  paused: false,
  partial: false,
  priority: "normal",
  caller: "window",
  progress: { done: 9_007_199_254_740_992, total: null, unit: "bytes", rate: 0.5 },
  log_lines: 3,
  retry_of: null,
  next_attempt_at: null,
  created_at: "2026-01-01T00:00:00Z",
  started_at: "2026-01-01T00:00:01Z",
  finished_at: null,
};

const snapshot: JobSnapshot = {
  ...summary,
  status: "Failed",
  input: { files: ["a", "b"], deep: [[null, true, 1.5, "x"]] },
  output: null,
  error: refusal,
};

const tool: ToolDefinition = {
  name: "t",
  title: "T",
  description: "Does t.",
  category: "files",
  version: "1.0.0",
  input_schema: { type: "object", properties: {} },
  output_schema: true,
  message_schema: null,
  permissions: ["read_files", "spawn"],
  limits: { timeout_seconds: 5, concurrency: null, max_attempts: null, input_bytes: null },
  behavior: { starts_again: true, checkpoints: false, identical_inputs: "join" },
};

const health: HealthSnapshot = {
  at: "2026-01-01T00:00:00Z",
  pid: 7,
  load: {
    jobs_queued: 1,
    jobs_running: 2,
    tasks: 30,
    tasks_waiting: 0,
    blocking_waiting: 0,
    blocking_running: 1,
    changes_unwritten: 0,
    lag_ms: 0.5,
    longest_step_ms: 1.5,
  },
  resources: {
    memory_bytes: 60_000_000,
    resting_memory_bytes: 50_000_000,
    cpu_percent: 12.5,
    open_files: 40,
    open_files_limit: 1_048_576,
    disk_free_bytes: 9_007_199_254_740_992,
    database_bytes: null,
  },
  services: [
    { name: "sampler", state: "resting", restarts: 1, last_error: "A fault.", since: "2026-01-01T00:00:00Z" },
  ],
  warnings: [{ code: "low_disk", message: "Free some space.", since: "2026-01-01T00:00:00Z" }],
};

/** The commands that send through a channel; `watch.test.ts` follows them. */
export type Watching = "watch_job" | "watch_jobs";

/** What each other command is called with and answers, as both are on the wire. */
export const examples: {
  [K in Exclude<keyof Commands, Watching>]: { args: Commands[K]["args"]; value: Commands[K]["value"] };
} = {
  cancel_job: { args: { jobId: "j" }, value: null },
  cancel_jobs: { args: { query: { statuses: ["Queued"] } }, value: 3 },
  check_input: {
    args: { toolName: "t", inputJson: { files: [] } },
    value: [{ pointer: "/files", message: "Choose a file." }],
  },
  end_watch: { args: { watchId: 3 }, value: null },
  frontend_ready: {
    args: { contractHash: CONTRACT_HASH, lastEvent: 4_294_967_297 },
    value: { version: "0.1.0", last_event: 4_294_967_297, missed: 0 },
  },
  get_health: { args: {}, value: health },
  get_job: { args: { jobId: "j" }, value: snapshot },
  list_job_transitions: {
    args: { jobId: "j" },
    value: [
      {
        revision: 1,
        kind: "retry_scheduled",
        status: "Queued",
        attempt: 0,
        caller: "terminal",
        cause: "",
        at: "2026-01-01T00:00:00Z",
      },
    ],
  },
  list_jobs: {
    args: { query: {} },
    value: { jobs: [summary], total: 1, next_cursor: "c" },
  },
  list_tools: { args: {}, value: [tool] },
  pause_job: { args: { jobId: "j" }, value: null },
  read_job_log: {
    args: { jobId: "j", after: 0, limit: 10 },
    value: {
      lines: [{ number: 1, at: "2026-01-01T00:00:00Z", text: "x" }],
      dropped: 0,
      more: true,
    },
  },
  read_job_output: {
    args: { jobId: "j", offset: 0 },
    value: { text: "{", next_offset: 1, total_bytes: 2 },
  },
  reorder_job: { args: { jobId: "j", position: { before: "k" } }, value: null },
  resume_job: { args: { jobId: "j" }, value: null },
  retry_job: { args: { jobId: "j" }, value: { job_id: "k" } },
  send_to_job: { args: { jobId: "j", messageJson: { word: "hello" } }, value: null },
  run_tool: { args: { toolName: "t", inputJson: null }, value: snapshot },
  start_tool_job: {
    args: {
      toolName: "t",
      inputJson: { files: ["a"] },
      options: { idempotency_key: "i", priority: "high", max_attempts: null },
    },
    value: { job_id: "j" },
  },
};

/** What a watcher of one job is sent. */
export const jobUpdates: JobUpdate[] = [
  { kind: "snapshot", job: snapshot },
  { kind: "event", event: { seq: 4_294_967_298, kind: "progress", job: summary } },
];

/** What a watcher of all jobs is sent. */
export const jobsUpdates: JobsUpdate[] = [
  { kind: "snapshot", seq: 4_294_967_297, jobs: [summary] },
  { kind: "events", events: [{ seq: 4_294_967_298, kind: "canceled", job: summary }] },
  { kind: "gap", missed: 12 },
];

/** The payload of each event. */
export const payloads: Events = {
  "health-changed": health,
  "tool-job-canceled": { jobs: [{ ...summary, status: "Canceled" }], last_event: 1 },
  "tool-job-completed": {
    jobs: [{ ...summary, status: "Succeeded", output_bytes: 12 }],
    last_event: 2,
  },
  "tool-job-failed": {
    jobs: [{ ...summary, status: "Failed", error: refusal }],
    last_event: 3,
  },
  "tool-job-progress": { jobs: [summary, { ...summary, job_id: "k" }], last_event: 4 },
};
