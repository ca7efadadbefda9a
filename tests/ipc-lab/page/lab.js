// What the tests and the bench call in the lab's window: `lab.run(who, what, args)`.
//
// `typed` is the typed client, exported by the WebAssembly; `bare` does the same work past it, with
// what Tauri itself puts into a page and sends by itself. Both read all that comes and give a number for it, by which
// they show that they did the same.
(() => {
  const internals = window.__TAURI_INTERNALS__;

  // What went wrong on the page without anybody having asked, and what was sent to nobody.
  const seen = { errors: [], unheard: 0 };
  window.addEventListener("error", (event) => seen.errors.push(String(event.message)));
  window.addEventListener("unhandledrejection", (event) => seen.errors.push(String(event.reason)));
  const { error, warn } = console;
  console.error = (...words) => {
    seen.errors.push(words.map(String).join(" "));
    error.apply(console, words);
  };
  console.warn = (...words) => {
    if (String(words[0]).includes("Couldn't find callback id")) seen.unheard += 1;
    else seen.errors.push(words.map(String).join(" "));
    warn.apply(console, words);
  };

  const touch = (row) =>
    row.number + row.name.length + row.folder.length + row.bytes + (row.done ? 1 : 0);

  const call = async (rows, number) => {
    if (rows === 1) return touch(await internals.invoke("get_row", { number }));
    const all = await internals.invoke("list_rows_plainly", { count: rows });
    return all.reduce((sum, row) => sum + touch(row), 0);
  };

  // Sends `count` messages through the official channel and gives the sum of what `read` makes of
  // each, once all have come.
  const through_channel = async (command, count, size, read) => {
    let sum = 0;
    let left = count;
    const channel = new window.__TAURI__.core.Channel();
    const all = new Promise((resolve) => {
      channel.onmessage = (message) => {
        sum += read(message);
        left -= 1;
        if (left === 0) resolve();
      };
    });
    await internals.invoke(command, { count, sizes: [size], onMessage: channel });
    await all;
    return sum;
  };

  const bare = {
    async calls_in_a_row(rows, count) {
      let sum = 0;
      for (let number = 0; number < count; number += 1) sum += await call(rows, number);
      return sum;
    },

    async calls_at_once(rows, count, at_once) {
      let sum = 0;
      let next = 0;
      const worker = async () => {
        while (next < count) {
          const number = next;
          next += 1;
          const touched = await call(rows, number);
          sum += touched;
        }
      };
      await Promise.all(Array.from({ length: at_once }, worker));
      return sum;
    },

    messages: (count, size) =>
      through_channel("flood_plainly", count, size, (message) => message.number + message.filling.length),

    raw_messages: (count, size) =>
      through_channel("flood_raw", count, size, (bytes) => {
        const number = new DataView(bytes).getUint32(0, true);
        return number + bytes.byteLength;
      }),
  };

  // How the page stands: what is registered on it, and what was seen since it was asked last.
  const state = () => {
    const { errors, unheard } = seen;
    seen.errors = [];
    seen.unheard = 0;
    return { callbacks: internals.callbacks.size, errors, unheard };
  };

  const run = async (who, what, args) => {
    const begin = performance.now();
    const value = await window.lab[who][what](...args);
    return { value, milliseconds: performance.now() - begin };
  };

  window.lab = { bare, run, state };
  window.addEventListener("TrunkApplicationStarted", () => {
    window.lab.typed = window.wasmBindings;
    document.body.dataset.pageId = "lab";
  });
})();
