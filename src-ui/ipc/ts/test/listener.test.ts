// Subscriptions: stopped early, late, twice and by a signal, they leave nothing behind.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";
import { Listener, onToolJobProgress, setTransport } from "@toolroom/ipc";
import { FakeTransport } from "@toolroom/ipc/fake";

import { payloads } from "./examples.js";
import { backend, backendWithEvents, internals, settled } from "./page.js";

const progress = payloads["tool-job-progress"];

test("a listener that is stopped, even twice, leaves no callback in the page", async () => {
  backendWithEvents();
  const before = internals().callbacks.size;
  const outcome = await onToolJobProgress(() => undefined);
  assert.ok(outcome.ok);
  assert.equal(internals().callbacks.size, before + 1);
  assert.equal(outcome.value.active, true);
  outcome.value.stop();
  outcome.value.stop();
  await settled();
  assert.equal(outcome.value.active, false);
  assert.equal(internals().callbacks.size, before);
});

test("a listener can be disposed of", async () => {
  backendWithEvents();
  const outcome = await onToolJobProgress(() => undefined);
  assert.ok(outcome.ok);
  outcome.value[Symbol.dispose]();
  assert.equal(outcome.value.active, false);
});

test("a signal that comes before the listener is registered ends it all the same", async () => {
  const asked: string[] = [];
  let register: (id: number) => void = () => undefined;
  mockIPC((command) => {
    asked.push(command);
    return command.endsWith("|listen") ? new Promise((resolve) => (register = resolve)) : null;
  });
  const before = internals().callbacks.size;
  const heard: unknown[] = [];
  const gone = new AbortController();
  const outcome = onToolJobProgress((payload) => heard.push(payload), { signal: gone.signal });
  await settled();
  const [id] = [...internals().callbacks.keys()].slice(before);
  assert.ok(id !== undefined);
  gone.abort();
  const result = await outcome;
  assert.equal(result.ok ? "ok" : result.error.kind, "aborted");
  // An event that is under way, and only then the answer to the registration.
  internals().runCallback(id, { event: "tool-job-progress", id, payload: progress });
  register(id);
  await settled();
  assert.deepEqual(heard, []);
  assert.deepEqual(asked, ["plugin:event|listen", "plugin:event|unlisten"]);
  assert.equal(internals().callbacks.size, before);
  assert.equal(getEventListeners(gone.signal, "abort").length, 0);
});

test("a signal ends a listener that is registered, and a stop lets go of the signal", async () => {
  const events = new FakeTransport();
  setTransport(events);
  const first = new AbortController();
  await onToolJobProgress(() => undefined, { signal: first.signal });
  assert.equal(events.listeners("tool-job-progress"), 1);
  first.abort();
  await settled();
  assert.equal(events.listeners("tool-job-progress"), 0);
  const second = new AbortController();
  const outcome = await onToolJobProgress(() => undefined, { signal: second.signal });
  assert.ok(outcome.ok);
  outcome.value.stop();
  assert.equal(getEventListeners(second.signal, "abort").length, 0);
});

test("a signal that came already registers nothing", async () => {
  const received = backend();
  const outcome = await onToolJobProgress(() => undefined, { signal: AbortSignal.abort() });
  assert.equal(outcome.ok ? "ok" : outcome.error.kind, "aborted");
  assert.deepEqual(received, []);
});

test("a window that may not listen is told so", async () => {
  backend(() => Promise.reject("event.listen not allowed. Permissions associated with …"));
  const outcome = await onToolJobProgress(() => undefined);
  assert.equal(outcome.ok ? "ok" : outcome.error.kind, "denied");
});

test("a listener of one's own can be stopped while it is being registered", async () => {
  const done: string[] = [];
  let register: (unlisten: () => void) => void = () => undefined;
  const registered = new Promise<() => void>((resolve) => (register = resolve));
  const listener = new Listener(registered, () => done.push("released"));
  listener.stop();
  listener.stop();
  assert.deepEqual(done, ["released"]);
  register(() => done.push("unlistened"));
  await settled();
  assert.deepEqual(done, ["released", "unlistened"]);
});

test("each handler hears for itself", async () => {
  backendWithEvents();
  const heard: string[] = [];
  const first = await onToolJobProgress(() => heard.push("first"));
  await onToolJobProgress(() => heard.push("second"));
  assert.ok(first.ok);
  await emit("tool-job-progress", progress);
  first.value.stop();
  await emit("tool-job-progress", progress);
  assert.deepEqual(heard, ["first", "second", "second"]);
});
