// How a call can fail: the command's own error kept apart from the framework's.
//
// The framework refuses with bare strings. They are told apart by their wording, in the same way
// as in the Rust client (src-ui/ipc/src/error.rs); change both or neither.

import { jsonKind, type JsonKind } from "./json.js";

/** The command ran and refused. */
export interface CommandError<E> {
  readonly kind: "command";
  /** The command's own error. */
  readonly error: E;
  /** The error's own sentence, or the error as text. */
  readonly message: string;
}

/** The call came to nothing before or after the command. */
export interface FrameworkError {
  /**
   * - `denied`: the window has no permission for this command.
   * - `bad_arguments`: the backend could not read the command's arguments.
   * - `unknown_command`: the backend has no such command.
   * - `decode`: the command failed with something that its error can't be.
   * - `transport`: the call did not reach the backend, or its answer did not come back.
   */
  readonly kind: "denied" | "bad_arguments" | "unknown_command" | "decode" | "transport";
  /** A sentence for people. */
  readonly message: string;
  /** What the framework said, word for word. */
  readonly detail: string;
}

/** The caller gave the call up by its signal. */
export interface AbortedError {
  readonly kind: "aborted";
  /** A sentence for people. */
  readonly message: string;
  /** The signal's reason. */
  readonly reason: unknown;
}

/** Why a call gave no result. `E` is the command's own error; `never` for one that can't fail. */
export type IpcError<E> =
  | ([E] extends [never] ? never : CommandError<E>)
  | FrameworkError
  | AbortedError;

/** A sorted rejection; `E` can't be looked at here, so that the caller says what it is. */
export type Refusal = CommandError<unknown> | FrameworkError;

/**
 * Sorts out what a call of `command` was rejected with. `errors` are the kinds of JSON that its own
 * error can be.
 */
export function sortRejection(
  command: string,
  rejection: unknown,
  errors: readonly JsonKind[],
): Refusal {
  if (isThrown(rejection)) {
    return framework("transport", rejection.message);
  }
  const kind = jsonKind(rejection);
  if (typeof rejection === "string") {
    const refused = frameworkKind(command, rejection);
    if (refused !== undefined) return framework(refused, rejection);
    if (!errors.includes("string")) return framework("transport", rejection);
  } else if (kind === undefined || !errors.includes(kind)) {
    const found = kind === undefined ? "no JSON" : `JSON of the kind ${kind}`;
    return framework("decode", `${command}: an error of unknown shape (${found}).`);
  }
  return { kind: "command", error: rejection, message: messageOf(rejection) };
}

/** The error of a call that was given up. */
export function aborted(signal: AbortSignal): AbortedError {
  return { kind: "aborted", message: "The call was given up.", reason: signal.reason };
}

/**
 * What the framework refuses by itself. Its texts, of its release and its debug builds, name the
 * command, so that they aren't taken for a command's own.
 */
function frameworkKind(command: string, text: string): FrameworkError["kind"] | undefined {
  const [, plugin, ofPlugin] = /^plugin:([^|]*)\|(.*)$/.exec(command) ?? [];
  const name = ofPlugin ?? command;
  const named = plugin === undefined ? command : `${plugin}.${name}`;
  if (
    text.startsWith(`${named} not allowed`) ||
    text.startsWith(`${named} explicitly denied`) ||
    text === `Command ${command} not allowed by ACL`
  ) {
    return "denied";
  }
  if (text.startsWith("invalid args `") && text.includes("` for command `")) return "bad_arguments";
  if (text === `Command ${name} not found`) return "unknown_command";
  return undefined;
}

function framework(kind: FrameworkError["kind"], detail: string): FrameworkError {
  return { kind, message: sentence(kind, detail), detail };
}

function sentence(kind: FrameworkError["kind"], detail: string): string {
  switch (kind) {
    case "denied":
      return `This window may not do that. ${detail}`;
    case "bad_arguments":
    case "unknown_command":
      return `The page and the app don't fit together: ${detail} Restart the app.`;
    case "decode":
      return `The app's answer could not be read: ${detail}`;
    case "transport":
      return `The app could not be reached: ${detail}`;
  }
}

/** JavaScript's own errors never come from the backend, which speaks JSON. */
function isThrown(rejection: unknown): rejection is Error {
  // Another frame has an `Error` of its own.
  const kind: unknown = Object.prototype.toString.call(rejection);
  return rejection instanceof Error || kind === "[object Error]";
}

function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error === "object" && error !== null && "message" in error) {
    const { message } = error;
    if (typeof message === "string") return message;
  }
  return JSON.stringify(error);
}
