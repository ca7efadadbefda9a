// What travels: JSON, and the kinds of values that it has.

/** Any JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | { [key: string]: JsonValue };

/** A kind of JSON value. */
export type JsonKind = "null" | "boolean" | "number" | "string" | "array" | "object";

/** The kind of a value; none for what isn't JSON. */
export function jsonKind(value: unknown): JsonKind | undefined {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const kind = typeof value;
  switch (kind) {
    case "boolean":
    case "number":
    case "string":
    case "object":
      return kind;
    default:
      return undefined;
  }
}
