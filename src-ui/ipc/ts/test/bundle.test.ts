// What a bundler takes of the package for one function.

import assert from "node:assert/strict";
import { test } from "node:test";

import { build } from "esbuild";

import { examples } from "./examples.js";

async function bundle(source: string): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname ?? process.cwd() },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    // The framework's package is the page's own.
    external: ["@tauri-apps/api/*"],
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  assert.ok(file !== undefined);
  return file.text;
}

test("a page with one command carries no other, no channel and no event", async (context) => {
  const text = await bundle('import { getJob } from "@toolroom/ipc"; console.log(getJob("j"));');
  assert.ok(text.includes("get_job"));
  for (const other of Object.keys(examples).filter((name) => name !== "get_job")) {
    assert.ok(!text.includes(other), other);
  }
  for (const unused of ["tool-job", "api/event", "__CHANNEL__", "asyncIterator"]) {
    assert.ok(!text.includes(unused), unused);
  }
  const all = await bundle('import * as ipc from "@toolroom/ipc"; console.log(ipc);');
  context.diagnostic(`one command: ${text.length} bytes, everything: ${all.length} bytes`);
  assert.ok(text.length < 3072, `${text.length} bytes`);
});

test("an import that isn't used costs nothing", async () => {
  assert.equal(await bundle('import "@toolroom/ipc"; import "@toolroom/ipc/runtime";'), "");
});
