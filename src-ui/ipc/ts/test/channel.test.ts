// Channels against the framework's own callbacks: in order whatever the order of arrival, ended,
// and gone when nobody reads them.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";

import { ChannelStream } from "@toolroom/ipc";
import { call, type ChannelMessage } from "@toolroom/ipc/runtime";

import { backend, internals, settled } from "./page.js";
import { random, shuffled } from "./random.js";

/** Calls a command with the stream; returns what delivers messages to it. */
async function connect<T>(
  stream: ChannelStream<T>,
): Promise<{ deliver: (message: ChannelMessage) => void }> {
  const received = backend();
  assert.ok((await call<null, never>("watch", { onStep: stream }, undefined, [])).ok);
  const args = received[0]?.args as { onStep: string };
  const [, id] = /^__CHANNEL__:(\d+)$/.exec(args.onStep) ?? [];
  assert.ok(id !== undefined, "the channel stands in the arguments as the framework wants it");
  return { deliver: (message) => internals().runCallback(Number(id), message) };
}

function numbered(count: number): ChannelMessage[] {
  const messages = Array.from({ length: count }, (_, index) => ({ index, message: index }));
  return [...messages, { index: count, end: true }];
}

async function readAll<T>(stream: ChannelStream<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of stream) all.push(message);
  return all;
}

function callbacks(): number {
  return internals().callbacks.size;
}

test("messages and end that come in any order are read in order, and then it ends", async () => {
  const pick = random(20_260_101);
  for (let round = 0; round < 500; round += 1) {
    const count = pick(40);
    const stream = new ChannelStream<number>();
    const { deliver } = await connect(stream);
    // Half of the rounds read while messages arrive, half afterwards.
    const early = round % 2 === 0 ? readAll(stream) : undefined;
    for (const message of shuffled(numbered(count), pick)) {
      deliver(message);
      if (pick(4) === 0) await settled();
    }
    const expected = Array.from({ length: count }, (_, index) => index);
    assert.deepEqual(await (early ?? readAll(stream)), expected, `round ${round}`);
    assert.equal(callbacks(), 0, `round ${round}`);
  }
});

test("the end before the last message ends nothing early", async () => {
  const stream = new ChannelStream<string>();
  const { deliver } = await connect(stream);
  const all = readAll(stream);
  deliver({ index: 0, message: "a" });
  deliver({ index: 2, end: true });
  await settled();
  assert.equal(callbacks(), 1);
  deliver({ index: 1, message: "b" });
  assert.equal(callbacks(), 0);
  assert.deepEqual(await all, ["a", "b"]);
});

test("a hundred thousand messages that nobody has read yet are all there", async () => {
  const count = 100_000;
  const stream = new ChannelStream<number>();
  const { deliver } = await connect(stream);
  // Every tenth message overtakes the nine before it.
  for (let ten = 0; ten < count; ten += 10) {
    deliver({ index: ten + 9, message: ten + 9 });
    for (let index = ten; index < ten + 9; index += 1) deliver({ index, message: index });
  }
  assert.equal(stream.buffered, count);
  deliver({ index: count, end: true });
  let next = 0;
  for await (const message of stream) assert.equal(message, next++);
  assert.equal(next, count);
});

test("a message that comes twice is read once", async () => {
  const stream = new ChannelStream<string>();
  const { deliver } = await connect(stream);
  for (const index of [0, 0, 2, 2, 1, 1]) deliver({ index, message: `m${index}` });
  deliver({ index: 3, end: true });
  assert.deepEqual(await readAll(stream), ["m0", "m1", "m2"]);
});

test("values that look like nothing are messages", async () => {
  const stream = new ChannelStream<unknown>();
  const { deliver } = await connect(stream);
  const values = [null, false, 0, ""];
  values.forEach((message, index) => deliver({ index, message }));
  deliver({ index: values.length, end: true });
  assert.deepEqual(await readAll(stream), values);
});

test("leaving the loop takes the callback away at once", async () => {
  const stream = new ChannelStream<number>();
  const { deliver } = await connect(stream);
  numbered(3).slice(0, 3).forEach(deliver);
  for await (const message of stream) {
    assert.equal(message, 0);
    break;
  }
  assert.equal(callbacks(), 0);
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

test("a signal ends a waiting loop and takes the callback away at once", async () => {
  const gone = new AbortController();
  const stream = new ChannelStream<number>({ signal: gone.signal });
  const { deliver } = await connect(stream);
  deliver({ index: 0, message: 0 });
  const all = readAll(stream);
  await settled();
  gone.abort();
  assert.equal(callbacks(), 0);
  assert.deepEqual(await all, [0]);
  assert.equal(getEventListeners(gone.signal, "abort").length, 0);
});

test("a signal that comes after the end drops what wasn't read", async () => {
  const gone = new AbortController();
  const stream = new ChannelStream<number>({ signal: gone.signal });
  const { deliver } = await connect(stream);
  numbered(2).forEach(deliver);
  assert.equal(getEventListeners(gone.signal, "abort").length, 0);
  gone.abort();
  assert.deepEqual(await readAll(stream), []);
});

test("several who wait are served in the order in which they came", async () => {
  const stream = new ChannelStream<number>();
  const { deliver } = await connect(stream);
  const waiting = [stream.next(), stream.next(), stream.next()];
  numbered(2).forEach(deliver);
  assert.deepEqual(await Promise.all(waiting), [
    { done: false, value: 0 },
    { done: false, value: 1 },
    { done: true, value: undefined },
  ]);
});

test("a call that the framework refuses closes its streams, and the loop ends", async () => {
  for (const refusal of ["watch not allowed.", "Command watch not found", "?"]) {
    backend(() => Promise.reject(refusal));
    const stream = new ChannelStream<number>();
    const outcome = call<null, never>("watch", { onStep: stream }, undefined, []);
    assert.deepEqual(await readAll(stream), []);
    assert.equal((await outcome).ok, false);
    assert.equal(callbacks(), 0);
  }
});

test("a command that fails by itself leaves its stream open until the end comes", async () => {
  const received = backend(() => Promise.reject({ code: "busy" }));
  const stream = new ChannelStream<number>();
  const outcome = await call("watch", { onStep: stream });
  assert.equal(outcome.ok, false);
  assert.equal(callbacks(), 1);
  const { onStep } = received[0]?.args as { onStep: string };
  const id = Number(onStep.replace("__CHANNEL__:", ""));
  numbered(2).forEach((message) => internals().runCallback(id, message));
  assert.deepEqual(await readAll(stream), [0, 1]);
});

test("a call that is given up closes its streams", async () => {
  backend(() => new Promise(() => undefined));
  const gone = new AbortController();
  const stream = new ChannelStream<number>();
  const outcome = call("watch", { onStep: stream }, { signal: gone.signal });
  await settled();
  assert.equal(callbacks(), 1);
  gone.abort();
  assert.equal(callbacks(), 0);
  assert.deepEqual(await readAll(stream), []);
  assert.equal((await outcome).ok, false);
});

test("a stream serves one call", async () => {
  const stream = new ChannelStream<number>();
  await connect(stream);
  const received = backend();
  const outcome = await call("watch", { onStep: stream });
  assert.equal(outcome.ok ? "ok" : outcome.error.kind, "bad_arguments");
  assert.deepEqual(received, []);
});
