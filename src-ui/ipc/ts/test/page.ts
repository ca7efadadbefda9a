// A page without a browser: the framework's own mocks, and what they need of a window.

import { webcrypto } from "node:crypto";
import { afterEach, beforeEach } from "node:test";

import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { setTransport } from "@toolroom/ipc";

interface Internals {
  /** The callbacks that the page has registered. */
  callbacks: Map<number, unknown>;
  runCallback(id: number, data: unknown): void;
}

// The framework's package speaks of `window`, and of the random numbers in it, which Node 18 keeps
// in a module.
Object.defineProperty(globalThis, "window", { value: globalThis });
if (!("crypto" in globalThis)) Object.defineProperty(globalThis, "crypto", { value: webcrypto });

/** What the mocks have put into the page. */
export function internals(): Internals {
  return (globalThis as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;
}

/** A call as it came to the backend: its arguments as JSON. */
export interface Received {
  readonly command: string;
  readonly args: unknown;
}

/**
 * Answers all calls with `answer`; whatever it throws the call is rejected with. Returns the
 * calls as they come.
 */
export function backend(answer: (command: string) => unknown = () => null): Received[] {
  const received: Received[] = [];
  mockIPC(async (command, args) => {
    received.push({ command, args: onTheWire(args) });
    return onTheWire(await answer(command));
  });
  return received;
}

/** Mocks events as well; all else is answered with null. */
export function backendWithEvents(): void {
  mockIPC(() => null, { shouldMockEvents: true });
}

/** As the framework writes it. */
export function onTheWire(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** Lets all promises that can go on go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => setTransport(undefined));
afterEach(() => clearMocks());
