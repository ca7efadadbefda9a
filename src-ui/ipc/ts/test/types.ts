// What the compiler must refuse. Nothing here is run: each `@ts-expect-error` is an error itself
// where the line below it compiles.

import {
  cancelJob,
  getJob,
  listJobs,
  listTools,
  onToolJobProgress,
  reorderJob,
  runTool,
  startToolJob,
  type AppError,
  type Commands,
  type Events,
  type IpcError,
  type JobStatus,
  type Result,
} from "@toolroom/ipc";
import { FakeTransport } from "@toolroom/ipc/fake";
import { ChannelStream } from "@toolroom/ipc/runtime";

/** Whether two types are one, unions and options included. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where its argument is true. */
function holds<_T extends true>(): void {}

export async function arguments_(): Promise<void> {
  // @ts-expect-error an argument is missing
  await getJob();
  // @ts-expect-error an argument is of another type
  await getJob(7);
  // @ts-expect-error the names of arguments are their places
  await getJob({ jobId: "j" });
  // @ts-expect-error there is no such option
  await getJob("j", { timeout: 3 });
  // @ts-expect-error there is no such field
  await listJobs({ tool: "t" });
  // @ts-expect-error there is no such status
  await listJobs({ statuses: ["running"] });
  // @ts-expect-error there is no such position
  await reorderJob("j", "middle");
  // @ts-expect-error a function is no JSON
  await startToolJob("t", { run: () => 1 }, {});
  // @ts-expect-error a date is no JSON either
  await startToolJob("t", new Date(), {});
  // @ts-expect-error the options can't be left out, though each of them can
  await startToolJob("t", null);
  await startToolJob("t", [{ deep: [null, 1.5, "x", true] }], {}, { signal: undefined });
  await reorderJob("j", { before: "k" });
  await listJobs({ limit: null });
  await listTools();
}

export async function values(): Promise<void> {
  const outcome = await getJob("j");
  // @ts-expect-error there may be no value
  void outcome.value;
  // @ts-expect-error there may be no error
  void outcome.error;
  if (!outcome.ok) return;
  holds<Same<typeof outcome.value.status, JobStatus>>();
  // @ts-expect-error the field may be null
  void outcome.value.message.length;
  // @ts-expect-error the field is written otherwise
  void outcome.value.jobId;
  const job = await cancelJob("j");
  holds<Same<typeof job, Result<null, AppError>>>();
}

/** Says something of every kind; without one of them it doesn't compile. */
export function exhaustive(error: IpcError<AppError>): string {
  switch (error.kind) {
    case "command":
      return error.error.code;
    case "denied":
    case "bad_arguments":
    case "unknown_command":
    case "decode":
    case "transport":
      return error.detail;
    case "aborted":
      return String(error.reason);
  }
}

// @ts-expect-error the kinds `denied` and `aborted` aren't handled
export function forgetful(error: IpcError<AppError>): string {
  switch (error.kind) {
    case "command":
      return error.error.code;
    case "bad_arguments":
    case "unknown_command":
    case "decode":
    case "transport":
      return error.detail;
  }
}

export function infallible(error: IpcError<never>): string {
  switch (error.kind) {
    // @ts-expect-error what can't fail has no error of its own
    case "command":
      return "";
    case "aborted":
      return error.message;
    default:
      return error.detail;
  }
}

export async function listening(): Promise<void> {
  const outcome = await onToolJobProgress(({ jobs }) => {
    holds<Same<(typeof jobs)[number]["status"], JobStatus>>();
  });
  // @ts-expect-error it may not have been registered
  outcome.value.stop();
  // @ts-expect-error the payload is another
  await onToolJobProgress((payload: { job: string }) => void payload);
}

export function faking(): void {
  const backend = new FakeTransport<Commands, Events>();
  backend.answer("list_tools", () => []);
  backend.answer("cancel_jobs", ({ query }) => query.limit ?? 0);
  // @ts-expect-error there is no such command
  backend.answer("list_tool", () => []);
  // @ts-expect-error the answer is of another type
  backend.answer("list_tools", () => [{ name: "t" }]);
  // @ts-expect-error the error is of another type
  backend.refuse("list_tools", "no");
  // @ts-expect-error there is no such event
  backend.emit("tool-job-progressed", { jobs: [] });
  // @ts-expect-error the payload is another
  backend.emit("tool-job-progress", { job: null });
}

export async function streaming(stream: ChannelStream<{ text: string }>): Promise<void> {
  for await (const message of stream) holds<Same<typeof message, { text: string }>>();
  // @ts-expect-error a stream of other messages
  const other: ChannelStream<number> = stream;
  void other;
}

/** A deprecated function can still be called. */
export const deprecated = runTool;
