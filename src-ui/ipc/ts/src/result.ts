// What a call comes to: a value or an error, and never a rejected promise.

import type { IpcError } from "./error.js";

/** The outcome of a call. Calls always resolve to one; they never reject. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: IpcError<E> };

/** What {@link unwrap} throws. */
export class IpcFailure<E = unknown> extends Error {
  override readonly name = "IpcFailure";
  /** Why the call gave no result. */
  readonly error: IpcError<E>;

  constructor(error: IpcError<E>) {
    super(error.message);
    this.error = error;
  }
}

/**
 * The value of a call that succeeded; throws an {@link IpcFailure} otherwise. For libraries that
 * want promises to reject.
 */
export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value;
  throw new IpcFailure(result.error);
}
