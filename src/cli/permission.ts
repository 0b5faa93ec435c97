/** What a program may do without being asked. Node and Bun allow everything, Deno what its flags grant. */
interface Surroundings {
  readonly Deno?: {
    readonly permissions: {
      querySync(query: Query): { readonly state: string; readonly partial?: boolean };
    };
  };
}

export type Query =
  /** Without a variable: all of them. */
  | { readonly name: "env"; readonly variable?: string }
  | { readonly name: "read" | "write"; readonly path?: string }
  | { readonly name: "net"; readonly host: string }
  | { readonly name: "run"; readonly command: string };

/** Never prompts: a permission that Deno would ask for counts as not granted. */
export function isGranted(query: Query): boolean {
  const { Deno } = globalThis as Surroundings;
  if (Deno === undefined) return true;
  const { state, partial } = Deno.permissions.querySync(query);
  return state === "granted" && partial !== true;
}
