// How a call can fail, each kind told from the others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { getJob, IpcFailure, unwrap, type AppError, type IpcError } from "@toolroom/ipc";
import { call, type JsonKind } from "@toolroom/ipc/runtime";

import { refusal } from "./examples.js";
import { backend } from "./page.js";

async function failure<E>(
  rejection: unknown,
  errors?: readonly JsonKind[],
): Promise<{ kind: string; message: string; detail?: string; error?: E }> {
  backend(() => Promise.reject(rejection));
  const outcome = await call<null, E>("get_job", {}, undefined, errors);
  assert.ok(!outcome.ok);
  return outcome.error;
}

test("the framework's refusals are told apart by their words, which are kept", async () => {
  const refusals: [string, string][] = [
    ["get_job not allowed. Permissions associated with this command: …", "denied"],
    ['get_job not allowed on window "main", webview "main", URL: local', "denied"],
    ["get_job explicitly denied on origin local", "denied"],
    ["Command get_job not allowed by ACL", "denied"],
    ["invalid args `jobId` for command `get_job`: missing", "bad_arguments"],
    ["Command get_job not found", "unknown_command"],
    ["state not managed", "transport"],
    ["webview not found", "transport"],
    ["", "transport"],
  ];
  for (const [words, kind] of refusals) {
    const error = await failure(words);
    assert.equal(error.kind, kind, words);
    assert.equal(error.detail, words);
    assert.ok(error.message.includes(words) && error.message !== words, error.message);
  }
});

test("a plugin's command is refused by its name in the plugin", async () => {
  const refusals: [string, string][] = [
    ["odd.match not allowed. Plugin not found", "denied"],
    ["Command plugin:odd|match not allowed by ACL", "denied"],
    ["Command match not found", "unknown_command"],
    ["match not allowed.", "transport"],
  ];
  for (const [words, kind] of refusals) {
    backend(() => Promise.reject(words));
    const outcome = await call<null, never>("plugin:odd|match", {}, undefined, []);
    assert.equal(outcome.ok ? "ok" : outcome.error.kind, kind, words);
  }
});

test("a command that fails with text keeps it, unless the text is the framework's", async () => {
  for (const errors of [["string"], ["string", "object"]] as const) {
    assert.deepEqual(await failure("busy", errors), {
      kind: "command",
      error: "busy",
      message: "busy",
    });
    assert.equal((await failure("Reading /etc is not allowed", errors)).kind, "command");
    assert.equal((await failure("Command get_job not found", errors)).kind, "unknown_command");
  }
});

test("an error of another kind than was promised is a decode error and not handed on", async () => {
  const cases: [unknown, readonly JsonKind[] | undefined][] = [
    [7, undefined],
    [null, undefined],
    [["x"], undefined],
    [undefined, undefined],
    [{ code: "x" }, []],
    [{ code: "x" }, ["number"]],
  ];
  for (const [rejection, errors] of cases) {
    const error = await failure(rejection, errors);
    assert.equal(error.kind, "decode", JSON.stringify(rejection));
  }
});

test("an error without a sentence is told as it stands", async () => {
  const error = await failure({ code: "busy" });
  assert.deepEqual(error, {
    kind: "command",
    error: { code: "busy" },
    message: '{"code":"busy"}',
  });
  assert.equal((await failure(null, ["null"])).message, "null");
});

test("what JavaScript throws never reached the backend", async () => {
  const error = await failure(new TypeError("Failed to fetch"));
  assert.equal(error.kind, "transport");
  assert.equal(error.detail, "Failed to fetch");
});

test("outside a window a call fails and doesn't throw", async () => {
  const outcome = await getJob("j");
  assert.ok(!outcome.ok);
  assert.equal(outcome.error.kind, "transport");
});

test("unwrap gives the value or throws the error", () => {
  assert.equal(unwrap({ ok: true, value: 3 }), 3);
  const error: IpcError<AppError> = { kind: "command", error: refusal, message: "No." };
  assert.throws(
    () => unwrap({ ok: false, error }),
    (thrown) => thrown instanceof IpcFailure && thrown.error === error && thrown.message === "No.",
  );
});
