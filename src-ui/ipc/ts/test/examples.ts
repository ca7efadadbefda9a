// One example of each type of the contract. The compiler holds it against the bindings.

import { CONTRACT_HASH } from "@toolroom/ipc";
import type {
  AppError,
  AuditRecord,
  Commands,
  Events,
  Grant,
  HealthSnapshot,
  JobSnapshot,
  JobSummary,
  JobUpdate,
  JobsUpdate,
    PermissionsState, Preset, SettingsState,
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

const preset: Preset = { name: "Small photos", input: { files: ["a"], width: 640 } };

const health: HealthSnapshot = {
  at: "2026-01-01T00:00:00Z",
  pid: 7,
  load: {
    jobs_queued: 1,
    jobs_running: 2,
    jobs_ended: 9,
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

const settings: SettingsState = {
  revision: 3,
  settings: {
    general: {
      start_page: "last_page",
      notifications: true,
      notify_after_seconds: 10,
      ask_before_closing: false,
    },
    appearance: { theme: "dark", accent: "rose", density: "compact", motion: "system" },
    limits: {
      jobs_at_a_time: 4,
      jobs_of_one_tool: null,
      queue_depth: 10_000,
      question_seconds: 30,
      warn_memory_mib: 100,
      warn_disk_mib: 1_024,
      warn_waiting_work: 100,
      warn_tasks: 1_000,
      events_kept: 4_096,
    },
    storage: { keep_jobs: 100_000, keep_days: 30, large_outputs_mib: 2_048, audit_entries: 200_000 },
  },
  problems: [{ pointer: "/limits/queue_depth", message: "Must be at least 1." }],
};

const grant: Grant = {
  all_tools: false,
  tools: ["t"],
  read: ["/data"],
  write: [],
  refused_paths: ["/data/private"],
  hosts: ["*.example.org:8443"],
  spawn: "ask",
  secrets: ["TOKEN"],
  starts_per_minute: 60,
  others_jobs: false,
};

const permissions: PermissionsState = {
  policy: { grants: [{ caller: { http: { name: "desk" } }, grant }] },
  questions: [
    {
      id: 3,
      caller: { model: { name: "ollama/llama3:8b" } },
      tool_name: "t",
      read: ["/etc"],
      write: [],
      spawn: true,
      asked_at: "2026-01-01T00:00:00Z",
      waits_until: "2026-01-01T00:00:30Z",
    },
  ],
};

const entry: AuditRecord = {
  number: 9_007_199_254_740_991,
  at: "2026-01-01T00:00:00.000Z",
  caller: "http:desk",
  operation: "permission",
  tool_name: "t",
  job_id: null,
  input_digest: null,
  decision: "asked",
  status: "Queued",
  code: "permission_asked",
  subject: null,
  hash: "ab",
};

/** The commands that send through a channel; `watch.test.ts` follows them. */
export type Watching = "watch_job" | "watch_jobs";

/** What each other command is called with and answers, as both are on the wire. */
export const examples: {
  [K in Exclude<keyof Commands, Watching>]: { args: Commands[K]["args"]; value: Commands[K]["value"] };
} = {
  answer_question: { args: { questionId: 3, answer: "allow_always" }, value: null },
  answer_close: { args: { answer: "keep_going" }, value: null },
  cancel_job: { args: { jobId: "j" }, value: null },
  cancel_jobs: { args: { query: { statuses: ["Queued"] } }, value: 3 },
  change_settings: { args: { changeJson: { appearance: { theme: "dark" } } }, value: settings },
  check_input: {
    args: { toolName: "t", inputJson: { files: [] } },
    value: [{ pointer: "/files", message: "Choose a file." }],
  },
  clean_up: { args: { olderThanDays: 90 }, value: { jobs: 3, output_bytes: 9_007_199_254_740_992 } },
  choose_paths: {
    args: { wish: { kind: "file", several: true, title: "Files", beside: null } },
    value: { paths: ["/a", "/b"], left_out: 1 },
  },
  end_watch: { args: { watchId: 3 }, value: null },
  export_history: { args: { path: "/jobs.jsonl" }, value: { jobs: 3, left_out: 1 } },
  export_audit: { args: { path: "/tmp/trail.jsonl" }, value: 12 },
  frontend_ready: {
    args: { contractHash: CONTRACT_HASH, lastEvent: 4_294_967_297 },
    value: { version: "0.1.0", last_event: 4_294_967_297, missed: 0 },
  },
  get_about: {
    args: {},
    value: {
      version: "0.1.0",
      contract_hash: CONTRACT_HASH,
      data_folder: "/data",
      system: "linux (x86_64)",
      parts: [{ name: "SQLite", version: "3.50.0" }],
      licences: [{ name: "serde", version: "1.0.0", licence: "MIT OR Apache-2.0" }],
    },
  },
  get_health: { args: {}, value: health },
  get_job: { args: { jobId: "j" }, value: snapshot },
  get_settings: { args: {}, value: { schema: { type: "object" }, state: settings } },
  get_storage: {
    args: {},
    value: {
      folder: "/data",
      jobs: 12,
      database_bytes: 4_096,
      outputs_bytes: 0,
      audit_bytes: 0,
      window_bytes: 9_007_199_254_740_992,
    },
  },
  get_thumbnail: {
    args: { jobId: "j", path: "/a.png" },
    value: { url: "data:image/png;base64,AA==", width: 640, height: 480 },
  },
  import_history: { args: { path: "/jobs.jsonl" }, value: { jobs: 0, left_out: 3 } },
  get_permissions: { args: {}, value: permissions },
  list_audit: {
    args: { query: { operation: "permission", limit: 1 } },
    value: { entries: [entry], next_cursor: "9" },
  },
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
  list_secrets: { args: {}, value: [{ name: "TOKEN", place: "keyring" }] },
  list_presets: { args: { toolName: "t" }, value: [preset] },
  list_tools: { args: {}, value: [tool] },
  open_path: { args: { jobId: "j", path: "/a" }, value: null },
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
  remove_secret: { args: { name: "TOKEN" }, value: null },
  remove_preset: { args: { toolName: "t", name: "Small photos" }, value: null },
  reorder_job: { args: { jobId: "j", position: { before: "k" } }, value: null },
  reset_settings: { args: { section: "limits", field: null }, value: settings },
  resume_job: { args: { jobId: "j" }, value: null },
  retry_job: { args: { jobId: "j" }, value: { job_id: "k" } },
  save_preset: { args: { toolName: "t", preset, insteadOf: "Photos" }, value: preset },
  save_text: { args: { fileName: "groups.csv", text: "a,b" }, value: "/tmp/groups.csv" },
  send_to_job: { args: { jobId: "j", messageJson: { word: "hello" } }, value: null },
  set_grant: {
    args: { caller: { mcp: { name: "x" } }, before: null, grant },
    value: permissions.policy,
  },
  set_secret: { args: { name: "TOKEN", secret: "text", allowFile: false }, value: null },
  survey_clean_up: { args: { olderThanDays: 0 }, value: { jobs: 0, output_bytes: 0 } },
  reveal_path: { args: { jobId: "j", path: "/a" }, value: null },
  run_tool: { args: { toolName: "t", inputJson: null }, value: snapshot },
  take_open_requests: {
    args: {},
    value: [
      { kind: "tool", tool: null, given: { paths: ["/a"], left_out: 0 } },
      { kind: "job", job_id: "j" },
    ],
  },
  start_tool_job: {
    args: {
      toolName: "t",
      inputJson: { files: ["a"] },
      options: { idempotency_key: "i", priority: "high", max_attempts: null },
    },
    value: { job_id: "j" },
  },
  verify_audit: {
    args: {},
    value: { checked: 8, last: 8, hash: "ab", fault: { number: 9, message: "Entry 9 is missing." } },
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
  "close-asked": { unfinished: 3 },
  "health-changed": health,
  "settings-changed": settings,
  "permissions-changed": permissions,
  "open-requested": { waiting: 1 },
  "paths-dragged": { place: { x: 12.5, y: 300 } },
  "paths-dropped": { place: { x: 12.5, y: 300 }, given: { paths: ["/a"], left_out: 0 } },
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
