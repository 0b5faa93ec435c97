/** THE WINDOW: the HTTP API and the page, as a function of a request. */
export { type Api, createApi } from "./app.ts";
export type { ApiParts, Clock, GuardOptions, Timers } from "./parts.ts";
