// The typed client: one function a command, one an event, and the types as they are on the wire.

import {
  call,
  listen,
  type CallOptions,
  type ChannelStream,
  type JsonValue,
  type ListenOptions,
  type Listener,
  type Result,
} from "@toolroom/ipc/runtime";

/** What the contract means, in short: the backend of another has another. */
export const CONTRACT_HASH = "26acf141b00670823e5d24d6f4796a6b2a2c9c80ce63f3a2d1cade0da4b9c636" as const;

/** Counts by name. */
export function countNames(
  names: string[],
  options?: CallOptions,
): Promise<Result<{ [key in string]: number }, never>> {
  return call("count_names", { names }, options, []);
}

/**
 * Finds things.
 *
 * Slowly: `*\/` in docs must not end them, nor "quotes" or \ hurt.
 */
export function findThings(
  query: Query,
  firstPage: boolean,
  options?: CallOptions,
): Promise<Result<Page<Stored>, Refusal>> {
  return call("find_things", { query, firstPage }, options);
}

/** @deprecated use "find_things" */
export function oldWay(options?: CallOptions): Promise<Result<null, never>> {
  return call("old_way", {}, options, []);
}

/** The bytes of a thing, as a JSON array of numbers. */
export function readBytes(
  name: string,
  at: number | null = null,
  options?: CallOptions,
): Promise<Result<number[], Refusal>> {
  return call("read_bytes", { name, at }, options);
}

/** Tries each. */
export function tryEach(
  shapes: ShapeInput[],
  options?: CallOptions,
): Promise<Result<(RustResult<Shape, Refusal>)[], Refusal>> {
  return call("try_each", { shapes }, options);
}

/** Does something long, and tells of each step. */
export function watchSteps(
  count: number,
  onStep: ChannelStream<Step>,
  options?: CallOptions,
): Promise<Result<null, Refusal>> {
  return call("watch_steps", { count, onStep }, options);
}

/** Something was stored. */
export function onThingStored(
  handler: (payload: Page<Stored>) => void,
  options?: ListenOptions,
): Promise<Result<Listener, never>> {
  return listen("thing-stored", handler, options);
}

/** What each command takes, gives and fails with, by its name on the wire. */
export interface Commands {
  count_names: {
    args: { names: string[] };
    value: { [key in string]: number };
    error: never;
  };
  find_things: {
    args: { query: Query; firstPage: boolean };
    value: Page<Stored>;
    error: Refusal;
  };
  old_way: {
    args: Record<string, never>;
    value: null;
    error: never;
  };
  read_bytes: {
    args: { name: string; at: number | null };
    value: number[];
    error: Refusal;
  };
  try_each: {
    args: { shapes: ShapeInput[] };
    value: (RustResult<Shape, Refusal>)[];
    error: Refusal;
  };
  watch_steps: {
    args: { count: number; onStep: ChannelStream<Step> };
    value: null;
    error: Refusal;
  };
}

/** The payload of each event, by its name on the wire. */
export interface Events {
  "thing-stored": Page<Stored>;
}

/** What is known of whatever is stored: flattened into it. */
export type Facts = {
  /** Bytes; as a number that JavaScript holds exactly. */
  size: number | null;
  /** Words by which it is found. */
  labels: { [key in string]: string };
};

/** A page of whatever is listed. */
export type Page<T> = {
  /** What stands on it. */
  items: T[];
  /** How to ask for the next; none on the last. */
  nextCursor: string | null;
};

/** How to look; everything may be left out. */
export type Query = {
  /** Words to find. */
  words?: string[];
  /** At most so many. */
  limit?: number;
};

/**
 * Why it wasn't done; internally tagged.
 *
 * - `not_found`: It isn't there.
 * - `busy`: Not now.
 */
export type Refusal =
  | {
      code: "not_found";
      /** What was asked for. */
      name: string;
    }
  | { code: "busy" };

/** A `Result` of Rust's within a value. */
export type RustResult<T, E> = ({ Ok: T }) & { Err?: never } | ({ Err: E }) & { Ok?: never };

/**
 * A shape, adjacently tagged.
 *
 * - `empty`: Nothing at all.
 * - `circle`: By its radius.
 * - `right_angled`: By its sides.
 */
export type Shape =
  | { kind: "empty" }
  | { kind: "circle"; size: number | null }
  | {
      kind: "right_angled";
      size: {
        /** From left to right. */
        width: number | null;
        /** From top to bottom. */
        height: number | null;
      };
    };

/**
 * A shape, adjacently tagged.
 *
 * - `empty`: Nothing at all.
 * - `circle`: By its radius.
 * - `right_angled`: By its sides.
 */
export type ShapeInput =
  | { kind: "empty" }
  | { kind: "circle"; size: number }
  | {
      kind: "right_angled";
      size: {
        /** From left to right. */
        width: number;
        /** From top to bottom. */
        height: number;
      };
    };

/** A step of something long. */
export type Step = {
  /** Its number, from 0. */
  number: number;
  /** What it says. */
  text: string;
};

/** Something stored. Its docs hold odd characters: `*\/`, "quotes", \ and `<b>`. */
export type Stored = {
  /** Its name; `type` is a keyword in Rust. */
  type: string;
  /** Where it was, if it was anywhere. */
  place?: [number | null, number | null];
  /** Anything. */
  extra: JsonValue;
} & Facts;
