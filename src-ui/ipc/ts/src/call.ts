// One typed call; what the generated functions are made of.

import { aborted, sortRejection, type IpcError } from "./error.js";
import type { JsonKind } from "./json.js";
import type { Result } from "./result.js";
import { invoke as tauriInvoke } from "./tauri/core.js";
import { chosenTransport } from "./transport.js";

/** What a call may be told beside its arguments. */
export interface CallOptions {
  /**
   * Gives the call up: it resolves to the error `aborted` at once, and the channels that it was
   * given are closed. The backend isn't told, and the command goes on; what is long has a command
   * of its own that cancels it.
   */
  readonly signal?: AbortSignal | undefined;
}

/** How a channel is taken along by a call. */
export const CONNECT: unique symbol = Symbol("connect");

/** An argument that must be connected to the transport before it can be sent. */
export interface Connectable {
  /** What is sent in its place; none if it can't be connected any more. */
  [CONNECT](): { readonly argument: unknown } | undefined;
  /** Takes the page's side away. */
  close(): void;
}

const OBJECTS: readonly JsonKind[] = ["object"];

/**
 * Calls a command. `errors` are the kinds of JSON that its error can be, none for a command that
 * can't fail: by them its own error is told from what the framework refuses with.
 */
export function call<T, E>(
  command: string,
  args: Readonly<Record<string, unknown>>,
  options?: CallOptions,
  errors: readonly JsonKind[] = OBJECTS,
): Promise<Result<T, E>> {
  const signal = options?.signal;
  const closeChannels = (): void => {
    for (const channel of Object.values(args).filter(isConnectable)) channel.close();
  };
  return new Promise((resolve) => {
    const settle = (result: Result<T, E>): void => {
      signal?.removeEventListener("abort", giveUp);
      resolve(result);
    };
    const giveUp = (): void => {
      closeChannels();
      if (signal !== undefined) settle({ ok: false, error: aborted(signal) });
    };
    if (signal?.aborted === true) {
      giveUp();
      return;
    }
    signal?.addEventListener("abort", giveUp);
    send(command, args).then(
      (value) => settle({ ok: true, value: value as T }),
      (rejection: unknown) => {
        const error = sortRejection(command, rejection, errors) as IpcError<E>;
        // A command that has run drops its channels itself; one that hasn't never got them.
        if (error.kind !== "command" && error.kind !== "decode") closeChannels();
        settle({ ok: false, error });
      },
    );
  });
}

async function send(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  const sent: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(args)) {
    sent[name] = isConnectable(value) ? connect(command, name, value) : value;
  }
  const transport = chosenTransport();
  return transport === undefined ? tauriInvoke(command, sent) : transport.invoke(command, sent);
}

function connect(command: string, name: string, channel: Connectable): unknown {
  const connected = channel[CONNECT]();
  if (connected === undefined) {
    // In the framework's words, so that it is sorted like the framework's refusal.
    const place = `invalid args \`${name}\` for command \`${command}\``;
    throw `${place}: a stream serves one call, and this one was used or closed.`;
  }
  return connected.argument;
}

function isConnectable(value: unknown): value is Connectable {
  return typeof value === "object" && value !== null && CONNECT in value;
}
