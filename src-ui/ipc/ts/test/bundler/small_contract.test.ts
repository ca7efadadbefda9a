// The client of another contract, with channels, as a team has it that builds with a bundler: the
// generated file lies elsewhere and imports the runtime by the package's name.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { FakeTransport } from "@toolroom/ipc/fake";
import { ChannelStream, setTransport } from "@toolroom/ipc/runtime";

import * as client from "../../../../../src-tauri/codegen/tests/snapshots/small_contract";
import type {
  Commands,
  Events,
  Page,
  ShapeInput,
  Step,
  Stored,
} from "../../../../../src-tauri/codegen/tests/snapshots/small_contract";

const stored: Stored = {
  type: "t",
  size: 3,
  labels: { a: "b" },
  place: [1, 2],
  extra: [{ any: null }],
};
const page: Page<Stored> = { items: [stored], nextCursor: null };

function backend(): FakeTransport<Commands, Events> {
  const fake = new FakeTransport<Commands, Events>();
  setTransport(fake);
  return fake;
}

afterEach(() => setTransport(undefined));

test("each command takes and gives its types", async () => {
  const fake = backend()
    .answer("find_things", ({ query }) => (query.limit === 1 ? page : { ...page, items: [] }))
    .answer("count_names", ({ names }) => Object.fromEntries(names.map((name) => [name, 1])))
    .answer("try_each", ({ shapes }) => shapes.map((shape) => ({ Ok: shape })))
    .answer("read_bytes", ({ at }) => [at ?? 7])
    .answer("old_way", () => null);
  const shapes: ShapeInput[] = [
    { kind: "empty" },
    { kind: "circle", size: 1.5 },
    { kind: "right_angled", size: { width: 1, height: 2 } },
  ];
  assert.deepEqual(await client.findThings({ limit: 1 }, true), { ok: true, value: page });
  assert.deepEqual(await client.countNames(["a"]), { ok: true, value: { a: 1 } });
  assert.deepEqual(await client.tryEach(shapes), {
    ok: true,
    value: shapes.map((shape) => ({ Ok: shape })),
  });
  assert.deepEqual(await client.readBytes("n"), { ok: true, value: [7] });
  assert.deepEqual(await client.readBytes("n", 3), { ok: true, value: [3] });
  assert.deepEqual(await client.oldWay(), { ok: true, value: null });
  assert.deepEqual(fake.calls("find_things"), [{ query: { limit: 1 }, firstPage: true }]);
  assert.deepEqual(fake.calls("read_bytes"), [
    { name: "n", at: null },
    { name: "n", at: 3 },
  ]);
});

test("an error is narrowed by its code", async () => {
  backend().refuse("find_things", { code: "not_found", name: "n" });
  const outcome = await client.findThings({}, false);
  assert.ok(!outcome.ok && outcome.error.kind === "command");
  const { error } = outcome.error;
  assert.equal(error.code === "not_found" ? error.name : "busy", "n");
});

test("steps are read while the command runs", async () => {
  backend().answer("watch_steps", async ({ count, onStep }) => {
    for (let number = 0; number < count; number += 1) {
      onStep.send({ number, text: `step ${number}` });
      await new Promise((resolve) => setImmediate(resolve));
    }
    onStep.end();
    return null;
  });
  const steps = new ChannelStream<Step>();
  const outcome = client.watchSteps(3, steps);
  const texts: string[] = [];
  for await (const step of steps) texts.push(step.text);
  assert.deepEqual(texts, ["step 0", "step 1", "step 2"]);
  assert.deepEqual(await outcome, { ok: true, value: null });
});

test("an event has the payload that its newtype holds", async () => {
  const fake = backend();
  const heard: Page<Stored>[] = [];
  const outcome = await client.onThingStored((payload) => heard.push(payload));
  fake.emit("thing-stored", page);
  assert.deepEqual(heard, [page]);
  assert.ok(outcome.ok);
  outcome.value.stop();
});
