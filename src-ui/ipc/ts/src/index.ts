// Toolroom's commands and events, and what they are used with.

export * from "./bindings.js";
export { ChannelStream, type ChannelOptions } from "./channel.js";
export type { CallOptions } from "./call.js";
export type { AbortedError, CommandError, FrameworkError, IpcError } from "./error.js";
export type { JsonValue } from "./json.js";
export { Listener, type ListenOptions } from "./listener.js";
export { IpcFailure, unwrap, type Result } from "./result.js";
export { tauriTransport } from "./tauri/index.js";
export { setTransport, withTransport, type Transport } from "./transport.js";
