// Events inside a Tauri window.

import { listen as tauriListen } from "@tauri-apps/api/event";

/** Listens to an event. */
export async function listen(
  event: string,
  handler: (payload: unknown) => void,
): Promise<() => void> {
  const unlisten: () => unknown = await tauriListen(event, ({ payload }) => handler(payload));
  return () => {
    // Fails only when the page's side is gone already or the window is closing; then nothing is
    // left to take away.
    Promise.resolve(unlisten()).catch(() => undefined);
  };
}
