// What the client needs of the way to the backend, and which way is taken.

/** A message of a channel as the backend sends it; each has its number, from 0. */
export type ChannelMessage =
  | { readonly index: number; readonly message: unknown }
  /** The backend will send no more; `index` is how many there were. */
  | { readonly index: number; readonly end: true };

/** The page's end of a channel. */
export interface ChannelPort {
  /** What stands for the channel among a command's arguments. */
  readonly argument: unknown;
  /** Takes the page's end away; what comes afterwards is dropped. */
  close(): void;
}

/** A way to the backend. */
export interface Transport {
  /** Calls a command. Rejects with whatever the backend refused with. */
  invoke(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;

  /**
   * Hands the payload of every later event to `handler`. Resolves, once that is so, to what ends
   * it.
   */
  listen(event: string, handler: (payload: unknown) => void): Promise<() => void>;

  /** Opens a channel, whose messages may arrive in any order. */
  openChannel(receive: (message: ChannelMessage) => void): ChannelPort;
}

let chosen: Transport | undefined;

/** All later calls take this way; none: that of the Tauri window, which is taken by default. */
export function setTransport(transport: Transport | undefined): void {
  chosen = transport;
}

/** The way that was chosen, if one was. */
export function chosenTransport(): Transport | undefined {
  return chosen;
}

/**
 * Runs `body` with all calls of the page taking this way, and goes back to the way before when
 * it has ended; a promise, when it is settled. For tests: calls that others make meanwhile take
 * it too.
 */
export function withTransport<T>(transport: Transport, body: () => T): T {
  const before = chosen;
  chosen = transport;
  const restore = (): void => {
    chosen = before;
  };
  let result: T;
  try {
    result = body();
  } catch (thrown) {
    restore();
    throw thrown;
  }
  if (result instanceof Promise) {
    return result.finally(restore) as T;
  }
  restore();
  return result;
}
