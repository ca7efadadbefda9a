// A channel from the backend, read with `for await`.
//
// The framework's own `Channel` calls a handler and keeps the end of the channel to itself. This
// one puts messages in order by their numbers too, keeps them until they are read, and ends.

import { CONNECT, type Connectable } from "./call.js";
import { Queue } from "./queue.js";
import { openChannel as openTauriChannel } from "./tauri/core.js";
import { chosenTransport, type ChannelMessage, type ChannelPort } from "./transport.js";

/** What a stream may be told. */
export interface ChannelOptions {
  /** Closes the stream, as if the loop that reads it had been left. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Messages that a command sends while it runs, or afterwards. Hand it to one call, and read it:
 *
 * ```ts
 * const steps = new ChannelStream<Step>();
 * const outcome = watchSteps(10, steps);
 * for await (const step of steps) console.log(step.text);
 * ```
 *
 * The loop ends when the backend has dropped its end, and all messages were read. What nobody has
 * read yet is kept, without a bound: the framework has no back-pressure. Leaving the loop closes
 * the stream; so do its signal, {@link close}, and the failure of its call.
 */
export class ChannelStream<T> implements AsyncIterableIterator<T>, Connectable {
  readonly #signal: AbortSignal | undefined;
  readonly #ready = new Queue<T>();
  readonly #early = new Map<number, T>();
  readonly #readers = new Queue<(result: IteratorResult<T, undefined>) => void>();
  #port: ChannelPort | undefined;
  #isConnected = false;
  #isOver = false;
  #next = 0;
  #end: number | undefined;

  constructor(options?: ChannelOptions) {
    this.#signal = options?.signal;
    if (this.#signal?.aborted === true) {
      this.#isOver = true;
    } else {
      this.#signal?.addEventListener("abort", this.#onAbort);
    }
  }

  /** How many messages have come, in order, that nobody has read. */
  get buffered(): number {
    return this.#ready.length;
  }

  /** The next message; waits for it. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#signal?.aborted === true) this.close();
    if (this.#ready.length > 0) {
      return Promise.resolve({ done: false, value: this.#ready.shift() });
    }
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Closes the stream. A loop that is left calls this. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The stream itself: it has one reader. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes the page's end away at once and drops what wasn't read. Safe at any time. */
  close(): void {
    this.#ready.clear();
    this.#finish();
  }

  /** Registers the page's end; for calls. None if the stream was used or closed before. */
  [CONNECT](): ChannelPort | undefined {
    if (this.#isConnected || this.#isOver) return undefined;
    this.#isConnected = true;
    const receive = (message: ChannelMessage): void => this.#receive(message);
    const transport = chosenTransport();
    const open = transport === undefined ? openTauriChannel : transport.openChannel.bind(transport);
    this.#port = open(receive);
    return this.#port;
  }

  readonly #onAbort = (): void => this.close();

  #receive(message: ChannelMessage): void {
    if (this.#isOver) return;
    if ("end" in message) {
      this.#end = message.index;
    } else if (message.index >= this.#next) {
      this.#early.set(message.index, message.message as T);
    }
    while (this.#early.has(this.#next)) {
      const value = this.#early.get(this.#next) as T;
      this.#early.delete(this.#next);
      this.#next += 1;
      this.#hand(value);
    }
    if (this.#next === this.#end) this.#finish();
  }

  #hand(value: T): void {
    if (this.#readers.length > 0) {
      this.#readers.shift()({ done: false, value });
    } else {
      this.#ready.push(value);
    }
  }

  /** Nothing more will come. What is there can still be read. */
  #finish(): void {
    this.#isOver = true;
    this.#early.clear();
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#port?.close();
    this.#port = undefined;
    while (this.#readers.length > 0) this.#readers.shift()({ done: true, value: undefined });
  }
}
