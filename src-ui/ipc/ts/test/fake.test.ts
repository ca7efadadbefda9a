// The transport in memory: what it answers, tells and remembers.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ChannelStream,
  getJob,
  listTools,
  onToolJobFailed,
  setTransport,
  startToolJob,
  withTransport,
  type Commands,
  type Events,
} from "@toolroom/ipc";
import { FakeTransport } from "@toolroom/ipc/fake";
import { call, type Transport } from "@toolroom/ipc/runtime";

import { examples, payloads, refusal } from "./examples.js";
import { settled } from "./page.js";

test("commands are answered from their arguments, and calls are remembered", async () => {
  const backend = new FakeTransport<Commands, Events>();
  backend.answer("start_tool_job", ({ toolName }) => ({ job_id: `job of ${toolName}` }));
  backend.answer("get_job", async ({ jobId }) => ({ ...examples.get_job.value, job_id: jobId }));
  setTransport(backend);
  const started = await startToolJob("t", { a: 1 }, { priority: "low" });
  assert.deepEqual(started, { ok: true, value: { job_id: "job of t" } });
  const job = await getJob("j");
  assert.equal(job.ok && job.value.job_id, "j");
  assert.deepEqual(backend.calls("start_tool_job"), [
    { toolName: "t", inputJson: { a: 1 }, options: { priority: "low" } },
  ]);
  assert.deepEqual(backend.calls("list_tools"), []);
});

test("a command can be refused by itself, by the framework, and be out of reach", async () => {
  const backend = new FakeTransport<Commands, Events>();
  setTransport(backend);
  const kind = async (): Promise<string> => {
    const outcome = await getJob("j");
    return outcome.ok ? "ok" : outcome.error.kind;
  };
  assert.equal(await kind(), "unknown_command");
  backend.refuse("get_job", refusal);
  assert.equal(await kind(), "command");
  backend.reject("get_job", "get_job not allowed.");
  assert.equal(await kind(), "denied");
  backend.reject("get_job", new Error("closed"));
  assert.equal(await kind(), "transport");
  backend.answer("get_job", () => examples.get_job.value);
  assert.equal(await kind(), "ok");
  assert.equal(backend.calls("get_job").length, 5);
});

test("what goes through is JSON: nothing is shared, and what JSON lacks is gone", async () => {
  const backend = new FakeTransport();
  setTransport(backend);
  const sent = { list: [1], left: undefined, none: Number.NaN };
  backend.answer("echo", (args) => ({ ...args, added: undefined }));
  const outcome = await call<unknown, never>("echo", { sent, other: undefined }, undefined, []);
  sent.list.push(2);
  assert.deepEqual(backend.calls("echo"), [{ sent: { list: [1], none: null } }]);
  assert.deepEqual(outcome, { ok: true, value: { sent: { list: [1], none: null } } });
  backend.answer("nothing", () => undefined);
  assert.deepEqual(await call("nothing", {}), { ok: true, value: null });
});

test("events go to whoever listens now", async () => {
  const backend = new FakeTransport<Commands, Events>();
  setTransport(backend);
  const heard: unknown[] = [];
  const outcome = await onToolJobFailed((payload) => heard.push(payload));
  assert.ok(outcome.ok);
  assert.equal(backend.listeners("tool-job-failed"), 1);
  backend.emit("tool-job-failed", payloads["tool-job-failed"]);
  outcome.value.stop();
  await settled();
  assert.equal(backend.listeners("tool-job-failed"), 0);
  backend.emit("tool-job-failed", payloads["tool-job-failed"]);
  assert.deepEqual(heard, [payloads["tool-job-failed"]]);
});

interface Watching {
  watch: { args: { onStep: ChannelStream<number> }; value: null; error: never };
}

test("a command sends into its channel, while it runs and afterwards", async () => {
  const backend = new FakeTransport<Watching>();
  setTransport(backend);
  backend.answer("watch", ({ onStep }) => {
    onStep.send(1);
    return null;
  });
  const stream = new ChannelStream<number>();
  assert.ok((await call("watch", { onStep: stream })).ok);
  assert.equal(backend.openChannels, 1);
  const [channel] = backend.calls("watch").map(({ onStep }) => onStep);
  assert.ok(channel?.isOpen);
  channel.deliver({ index: 2, message: 3 });
  channel.send(2);
  channel.deliver({ index: 3, end: true });
  const all: number[] = [];
  for await (const step of stream) all.push(step);
  assert.deepEqual(all, [1, 2, 3]);
  assert.equal(channel.isOpen, false);
  assert.equal(backend.openChannels, 0);
});

test("a stream that is left closes the backend's channel", async () => {
  const backend = new FakeTransport<Watching>();
  setTransport(backend);
  backend.answer("watch", ({ onStep }) => {
    onStep.send(1);
    onStep.end();
    return null;
  });
  const stream = new ChannelStream<number>();
  await call("watch", { onStep: stream });
  for await (const step of stream) {
    assert.equal(step, 1);
    break;
  }
  assert.equal(backend.openChannels, 0);
});

test("another transport is taken for a while, however what runs meanwhile ends", async () => {
  const outer = new FakeTransport<Commands>().answer("list_tools", () => []);
  const inner = new FakeTransport<Commands>().answer("list_tools", () => []);
  setTransport(outer);
  await withTransport(inner, () => listTools());
  await assert.rejects(withTransport(inner, () => Promise.reject(new Error("x"))));
  assert.throws(() =>
    withTransport(inner, () => {
      throw new Error("x");
    }),
  );
  assert.equal(withTransport(inner, () => 3), 3);
  await listTools();
  assert.equal(inner.calls("list_tools").length, 1);
  assert.equal(outer.calls("list_tools").length, 1);
});

test("a transport may be a class with state of its own", async () => {
  class Counting extends FakeTransport<Commands> implements Transport {
    count = 0;

    override invoke(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
      this.count += 1;
      return super.invoke(command, args);
    }
  }
  const transport = new Counting();
  transport.answer("list_tools", () => []);
  setTransport(transport);
  assert.ok((await listTools()).ok);
  assert.equal(transport.count, 1);
});
