import { type Operation, partRoute } from "./operation.ts";

/** What the example asks for: the path with the examples of its places, and the query. */
function exampleTarget(operation: Operation): string {
  const { parameters = [], query } = operation;
  const path = partRoute(operation).path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const found = parameters.find((parameter) => parameter.in === "path" && parameter.name === name);
    return encodeURIComponent(String(found?.example));
  });
  return query === undefined ? path : `${path}?${query}`;
}

/** The example as a command for a shell. */
export function curlOf(operation: Operation, origin: string): string {
  const { method } = partRoute(operation);
  const url = origin + exampleTarget(operation);
  const { body } = operation;
  const words = ["curl", "-s", /[?&*]/.test(url) ? `'${url}'` : url];
  // curl posts what has a body, and gets what has none.
  if (method !== (body === undefined ? "GET" : "POST")) words.push("-X", method);
  if (body !== undefined) {
    words.push("-H", "'Content-Type: application/json'", "-d", `'${JSON.stringify(body.example)}'`);
  }
  return words.join(" ");
}
