// The commands that send through a channel: what is sent arrives typed, and the end ends the loop.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ChannelStream, watchJob, watchJobs } from "@toolroom/ipc";
import type { JobUpdate, JobsUpdate } from "@toolroom/ipc";

import { jobUpdates, jobsUpdates } from "./examples.js";
import { backend, internals, onTheWire, type Received } from "./page.js";

/** Sends what a backend would to the channel of a call, and ends it. */
function send(received: Received[], messages: readonly unknown[]): void {
  const args = received[0]?.args as { onEvent: string };
  const channel = Number(args.onEvent.slice("__CHANNEL__:".length));
  for (const [index, message] of messages.entries()) {
    internals().runCallback(channel, { index, message: onTheWire(message) });
  }
  internals().runCallback(channel, { index: messages.length, end: true });
}

async function readAll<T>(stream: ChannelStream<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of stream) all.push(message);
  return all;
}

test("watch_job: the updates of a job arrive as they were sent", async () => {
  const received = backend(() => 7);
  const updates = new ChannelStream<JobUpdate>();
  assert.deepEqual(await watchJob("j", updates), { ok: true, value: 7 });
  assert.equal((received[0]?.args as { jobId: string }).jobId, "j");
  send(received, jobUpdates);
  assert.deepEqual(await readAll(updates), jobUpdates);
});

test("watch_jobs: the updates of all jobs arrive as they were sent", async () => {
  const received = backend(() => 8);
  const updates = new ChannelStream<JobsUpdate>();
  assert.deepEqual(await watchJobs(4_294_967_297, updates), { ok: true, value: 8 });
  assert.equal((received[0]?.args as { since: number }).since, 4_294_967_297);
  send(received, jobsUpdates);
  assert.deepEqual(await readAll(updates), jobsUpdates);
});
