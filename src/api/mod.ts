/** THE WINDOW: the HTTP API and the page, as a function of a request. */
export { createApi } from "./app.ts";
export type { ApiParts, Timers } from "./parts.ts";
