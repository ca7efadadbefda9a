// Calls that are given up: before they are made, while they are under way, and too late.

import assert from "node:assert/strict";
import { getEventListeners, setMaxListeners } from "node:events";
import { test } from "node:test";

import { getJob } from "@toolroom/ipc";

import { examples } from "./examples.js";
import { backend, settled } from "./page.js";

function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, "abort").length;
}

test("a call that is given up resolves at once, with the signal's reason", async () => {
  let answer: (value: unknown) => void = () => undefined;
  const received = backend(() => new Promise((resolve) => (answer = resolve)));
  const gone = new AbortController();
  const outcome = getJob("j", { signal: gone.signal });
  await settled();
  assert.equal(received.length, 1);
  assert.equal(listenersOf(gone.signal), 1);
  gone.abort("enough");
  assert.deepEqual(await outcome, {
    ok: false,
    error: { kind: "aborted", message: "The call was given up.", reason: "enough" },
  });
  assert.equal(listenersOf(gone.signal), 0);
  // The answer that comes all the same changes nothing.
  answer(examples.get_job.value);
  await settled();
  assert.equal((await outcome).ok, false);
});

test("a call that is rejected after it was given up leaves no unhandled rejection", async () => {
  let reject: (reason: unknown) => void = () => undefined;
  backend(() => new Promise((_, no) => (reject = no)));
  const gone = new AbortController();
  const outcome = getJob("j", { signal: gone.signal });
  await settled();
  gone.abort();
  reject("Command get_job not found");
  await settled();
  const result = await outcome;
  assert.equal(result.ok ? "ok" : result.error.kind, "aborted");
});

test("a signal that comes too late changes nothing, and is let go of", async () => {
  backend(() => examples.get_job.value);
  const gone = new AbortController();
  const outcome = await getJob("j", { signal: gone.signal });
  assert.equal(listenersOf(gone.signal), 0);
  gone.abort();
  assert.deepEqual(outcome, { ok: true, value: examples.get_job.value });
});

test("a signal that never comes is let go of when the call fails", async () => {
  backend(() => Promise.reject("Command get_job not found"));
  const gone = new AbortController();
  const outcome = await getJob("j", { signal: gone.signal });
  assert.equal(outcome.ok, false);
  assert.equal(listenersOf(gone.signal), 0);
});

test("a thousand calls with one signal leave nothing on it", async () => {
  backend(() => examples.get_job.value);
  const gone = new AbortController();
  setMaxListeners(0, gone.signal); // Node warns of more than ten
  const calls = Array.from({ length: 1000 }, () => getJob("j", { signal: gone.signal }));
  assert.equal((await Promise.all(calls)).filter((outcome) => outcome.ok).length, 1000);
  assert.equal(listenersOf(gone.signal), 0);
});
