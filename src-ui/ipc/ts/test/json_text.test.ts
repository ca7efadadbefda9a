// What is large comes as the bytes of its JSON; other bytes stay what they are.

import assert from "node:assert/strict";
import { test } from "node:test";

import { mockIPC } from "@tauri-apps/api/mocks";
import { ChannelStream } from "@toolroom/ipc";
import { call } from "@toolroom/ipc/runtime";

import { internals } from "./page.js";

function bytes(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer as ArrayBuffer;
}

const LARGE = { list: Array.from({ length: 1_000 }, (_, index) => `nümber ${index}`) };

test("an answer in bytes is what its JSON says, and other bytes stay bytes", async () => {
  mockIPC(() => bytes(`\u001e${JSON.stringify(LARGE)}`));
  assert.deepEqual(await call("any", {}), { ok: true, value: LARGE });
  mockIPC(() => bytes("[1]"));
  const plain = await call<unknown, never>("any", {});
  assert.ok(plain.ok && plain.value instanceof ArrayBuffer && plain.value.byteLength === 3);
});

test("so is a message of a channel", async () => {
  let channel = 0;
  mockIPC((_, args) => {
    const { onStep } = JSON.parse(JSON.stringify(args)) as { onStep: string };
    channel = Number(onStep.slice("__CHANNEL__:".length));
    return null;
  });
  const stream = new ChannelStream<typeof LARGE>();
  await call("any", { onStep: stream });
  const message = bytes(`\u001e${JSON.stringify(LARGE)}`);
  internals().runCallback(channel, { index: 0, message });
  internals().runCallback(channel, { index: 1, end: true });
  const read: unknown[] = [];
  for await (const step of stream) read.push(step);
  assert.deepEqual(read, [LARGE]);
});
