// The way to the backend inside a Tauri window, as a whole.

import type { Transport } from "../transport.js";
import { invoke, openChannel } from "./core.js";
import { listen } from "./event.js";

/** Speaks to the Tauri app whose window this page is in. Taken by default. */
export const tauriTransport: Transport = { invoke, listen, openChannel };
