// Tauri's interface in the page, and the last steps in JavaScript before something is handed to
// WebAssembly. The one file that knows that interface.
//
// Each crossing between the two costs more than all that is done here, so what is small, as most
// is, is made JSON text on this side and crosses once. What has no text, and what is so long that
// another way may be better, is handed over as it is, the long one's text with it.

function json(value) {
  if (value === undefined || value instanceof ArrayBuffer) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

// Calls a command, with the text of its arguments if it has any, and then one of the three functions:
// when the answer has come, or why none will.
export function invoke(command, args, longest, take_text, take_other, take_refusal) {
  try {
    const answer = window.__TAURI_INTERNALS__.invoke(command, args ? JSON.parse(args) : undefined);
    answer.then((value) => {
      const text = json(value);
      if (text !== undefined && text.length <= longest) take_text(text);
      else take_other(value, text);
    }, take_refusal);
  } catch (error) {
    take_refusal(error);
  }
}

// Registers functions for the backend to have called, and gives the number that it knows them by. They
// take what stands in one field of what Tauri hands over.
export function register(field, longest, take_text, take_other) {
  return window.__TAURI_INTERNALS__.transformCallback((arrival) => {
    const value = arrival[field];
    const text = json(value);
    if (text !== undefined && text.length <= longest) take_text(arrival.index, text);
    else take_other(arrival, value, text);
  });
}

// Takes them away again.
export function unregister(id) {
  window.__TAURI_INTERNALS__.unregisterCallback(id);
}
