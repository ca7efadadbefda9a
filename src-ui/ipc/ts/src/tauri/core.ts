// Calls and channels inside a Tauri window. The one place that knows more of Tauri's page side
// than its package exports: nothing there takes a callback back.

import {
  invoke as tauriInvoke,
  SERIALIZE_TO_IPC_FN,
  transformCallback,
} from "@tauri-apps/api/core";

import { readJsonText } from "./json_text.js";
import type { ChannelMessage, ChannelPort } from "../transport.js";

interface Internals {
  readonly unregisterCallback?: (id: number) => void;
}

/** Calls a command. */
export function invoke(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  return tauriInvoke(command, { ...args }).then(readJsonText);
}

/** Opens a channel. */
export function openChannel(receive: (message: ChannelMessage) => void): ChannelPort {
  const id = transformCallback((message: ChannelMessage) => {
    receive("message" in message ? { ...message, message: readJsonText(message.message) } : message);
  });
  const onTheWire = (): string => `__CHANNEL__:${id}`;
  return {
    argument: { id, [SERIALIZE_TO_IPC_FN]: onTheWire, toJSON: onTheWire },
    close: () => unregisterCallback(id),
  };
}

function unregisterCallback(id: number): void {
  const page = globalThis as { readonly __TAURI_INTERNALS__?: Internals };
  page.__TAURI_INTERNALS__?.unregisterCallback?.(id);
}
