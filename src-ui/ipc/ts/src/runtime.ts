// What a generated client is made of. Clients of other contracts import this module.

export { call, type CallOptions } from "./call.js";
export { ChannelStream, type ChannelOptions } from "./channel.js";
export type { AbortedError, CommandError, FrameworkError, IpcError } from "./error.js";
export type { JsonKind, JsonValue } from "./json.js";
export { listen, Listener, type ListenOptions } from "./listener.js";
export { IpcFailure, unwrap, type Result } from "./result.js";
export { tauriTransport } from "./tauri/index.js";
export {
  setTransport,
  withTransport,
  type ChannelMessage,
  type ChannelPort,
  type Transport,
} from "./transport.js";
