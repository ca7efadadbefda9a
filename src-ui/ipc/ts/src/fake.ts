// A transport in memory: stands in for the backend in tests of whatever calls it.

import type { ChannelStream } from "./channel.js";
import type { ChannelMessage, ChannelPort, Transport } from "./transport.js";

/** What a command takes, gives and fails with. */
export interface CommandTypes {
  args: object;
  value: unknown;
  error: unknown;
}

/** Arguments as the backend sees them: a channel is what it sends into. */
export type FakeArgs<A> = {
  [K in keyof A]: A[K] extends ChannelStream<infer M> ? FakeChannel<M> : A[K];
};

type Handler = (args: object) => unknown;

/** The backend's end of a channel. */
export class FakeChannel<M = unknown> {
  #receive: ((message: ChannelMessage) => void) | undefined;
  readonly #onClose: () => void;
  #sent = 0;

  constructor(receive: (message: ChannelMessage) => void, onClose: () => void) {
    this.#receive = receive;
    this.#onClose = onClose;
  }

  /** Whether the page still listens. */
  get isOpen(): boolean {
    return this.#receive !== undefined;
  }

  /** Sends the next message. */
  send(message: M): void {
    this.deliver({ index: this.#sent, message });
    this.#sent += 1;
  }

  /** Drops the backend's end. */
  end(): void {
    this.deliver({ index: this.#sent, end: true });
  }

  /** Delivers a message with a number of one's own, as when messages overtake each other. */
  deliver(message: ChannelMessage): void {
    this.#receive?.(asJson(message));
  }

  /** Takes the page's end away; for the stream. */
  close(): void {
    if (this.#receive === undefined) return;
    this.#receive = undefined;
    this.#onClose();
  }
}

/**
 * Answers commands with functions, and emits events when it is told to. `C` and `E` are the
 * interfaces that every generated client exports:
 *
 * ```ts
 * const backend = new FakeTransport<Commands, Events>();
 * backend.answer("list_tools", () => []);
 * setTransport(backend);
 * ```
 *
 * A command that has no answer is refused as the framework does with one that it doesn't know.
 * All that goes through is turned into JSON and back, as on the real way.
 */
export class FakeTransport<
  C extends { [K in keyof C]: CommandTypes } = Record<string, CommandTypes>,
  E extends object = Record<string, unknown>,
> implements Transport
{
  readonly #handlers = new Map<string, Handler>();
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>();
  readonly #calls: { command: string; args: object }[] = [];
  readonly #channels = new Set<FakeChannel>();

  /** Answers a command with what `handler` makes of its arguments, from now on. */
  answer<K extends keyof C & string>(
    command: K,
    handler: (args: FakeArgs<C[K]["args"]>) => C[K]["value"] | Promise<C[K]["value"]>,
  ): this {
    this.#handlers.set(command, handler as Handler);
    return this;
  }

  /** Lets a command fail with its own error, from now on. */
  refuse<K extends keyof C & string>(command: K, error: C[K]["error"]): this {
    return this.reject(command, error);
  }

  /**
   * Lets a command be rejected with anything, from now on: with a string as the framework does,
   * or with an `Error` where the backend can't be reached.
   */
  reject(command: keyof C & string, rejection: unknown): this {
    this.#handlers.set(command, () => Promise.reject(rejection));
    return this;
  }

  /** Hands a payload to everyone who listens to the event. */
  emit<K extends keyof E & string>(event: K, payload: E[K]): void {
    for (const handler of [...(this.#listeners.get(event) ?? [])]) handler(asJson(payload));
  }

  /** The arguments of every call of a command so far. */
  calls<K extends keyof C & string>(command: K): FakeArgs<C[K]["args"]>[] {
    return this.#calls
      .filter((call) => call.command === command)
      .map((call) => call.args as FakeArgs<C[K]["args"]>);
  }

  /** How many listeners an event has now. */
  listeners(event: keyof E & string): number {
    return this.#listeners.get(event)?.size ?? 0;
  }

  /** How many channels the page has open now. */
  get openChannels(): number {
    return this.#channels.size;
  }

  /** Answers a call; for the client. */
  async invoke(command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    const seen: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(args)) {
      if (value instanceof FakeChannel) seen[name] = value;
      else if (value !== undefined) seen[name] = asJson(value);
    }
    this.#calls.push({ command, args: seen });
    const handler = this.#handlers.get(command);
    // The framework's words, by which it is known.
    if (handler === undefined) throw `Command ${command} not found`;
    return asJson(await handler(seen));
  }

  /** Registers a listener; for the client. */
  async listen(event: string, handler: (payload: unknown) => void): Promise<() => void> {
    const handlers = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, handlers);
    handlers.add(handler);
    return () => {
      handlers.delete(handler);
    };
  }

  /** Opens a channel; for the client. */
  openChannel(receive: (message: ChannelMessage) => void): ChannelPort {
    const channel = new FakeChannel(receive, () => this.#channels.delete(channel));
    this.#channels.add(channel);
    return { argument: channel, close: () => channel.close() };
  }
}

/** What is left of a value on the way; nothing at all becomes null. */
function asJson<T>(value: T): T {
  return value === undefined ? (null as T) : (JSON.parse(JSON.stringify(value)) as T);
}
