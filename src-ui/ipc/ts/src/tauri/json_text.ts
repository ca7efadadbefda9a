// Answers and messages that may be large: their JSON as bytes, after a record separator (RFC 7464).
// The backend sends them so for clients that can read them at once; here they become what they are.

const RECORD_SEPARATOR = 0x1e;

/** What `received` stands for: the value of JSON text in bytes, anything else as it came. */
export function readJsonText(received: unknown): unknown {
  if (!(received instanceof ArrayBuffer)) return received;
  const bytes = new Uint8Array(received);
  if (bytes[0] !== RECORD_SEPARATOR) return received;
  return JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
}
