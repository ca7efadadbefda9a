// The examples in the README, and those on the page for both clients, compile.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

test("every example in the docs compiles, strictly", () => {
  const pages = ["README.md", "../../../docs/using-the-bindings.md"];
  const text = pages.map((page) => readFileSync(join(root, page), "utf8")).join("\n");
  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code ?? "");
  assert.ok(examples.length >= 5, `${examples.length} examples`);
  const folder = join(root, "build", "readme");
  mkdirSync(folder, { recursive: true });
  examples.forEach((code, index) => writeFileSync(join(folder, `example${index}.ts`), code));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions: { noEmit: true } }),
  );
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  const tsc = spawnSync(process.execPath, [join(typescript, "bin", "tsc"), "-p", folder], {
    encoding: "utf8",
  });
  assert.equal(tsc.status, 0, tsc.stdout + tsc.stderr);
});
