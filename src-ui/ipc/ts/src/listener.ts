// A subscription to an event, as a value.

/// <reference lib="esnext.disposable" preserve="true" />

import { aborted, sortRejection, type IpcError } from "./error.js";
import type { Result } from "./result.js";
import { listen as tauriListen } from "./tauri/event.js";
import { chosenTransport } from "./transport.js";

/** What a subscription may be told beside its handler. */
export interface ListenOptions {
  /**
   * Ends the subscription, at any time: before it is registered the function resolves to the
   * error `aborted` at once.
   */
  readonly signal?: AbortSignal | undefined;
}

/** A subscription to an event. It lasts until it is stopped, or its signal comes. */
export class Listener {
  readonly #registered: Promise<() => void>;
  #release: (() => void) | undefined;

  /**
   * A subscription that is ended by what `registered` resolves to. `release` is called when it
   * is stopped, before anything else.
   */
  constructor(registered: Promise<() => void>, release: () => void) {
    this.#registered = registered;
    this.#release = release;
  }

  /** Whether events still go to the handler. */
  get active(): boolean {
    return this.#release !== undefined;
  }

  /**
   * Ends the subscription: from here on the handler isn't called. Safe at any time, also before
   * the subscription is registered, and more than once.
   */
  stop(): void {
    const release = this.#release;
    if (release === undefined) return;
    this.#release = undefined;
    release();
    this.#registered.then(
      (unlisten) => unlisten(),
      // It was never registered, so that nothing is left to take away.
      () => undefined,
    );
  }

  /** The same as {@link stop}, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }
}

/** The framework's own command. */
const LISTEN = "plugin:event|listen";

/** Listens to an event; what the generated functions are made of. */
export function listen<P>(
  event: string,
  handler: (payload: P) => void,
  options?: ListenOptions,
): Promise<Result<Listener, never>> {
  const signal = options?.signal;
  if (signal?.aborted === true) {
    return Promise.resolve({ ok: false, error: aborted(signal) });
  }
  // Let go of when the listener is stopped, however long the transport keeps its callback.
  let receive: ((payload: P) => void) | undefined = handler;
  const registered = register(event, (payload) => receive?.(payload as P));
  return new Promise((resolve) => {
    const listener = new Listener(registered, () => {
      receive = undefined;
      signal?.removeEventListener("abort", giveUp);
    });
    const giveUp = (): void => {
      listener.stop();
      if (signal !== undefined) resolve({ ok: false, error: aborted(signal) });
    };
    signal?.addEventListener("abort", giveUp);
    registered.then(
      () => resolve({ ok: true, value: listener }),
      (rejection: unknown) => {
        listener.stop();
        // Listening is no command and has no error of its own.
        resolve({ ok: false, error: sortRejection(LISTEN, rejection, []) as IpcError<never> });
      },
    );
  });
}

async function register(event: string, handler: (payload: unknown) => void): Promise<() => void> {
  const transport = chosenTransport();
  return transport === undefined ? tauriListen(event, handler) : transport.listen(event, handler);
}
