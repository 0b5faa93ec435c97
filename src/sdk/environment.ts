interface Surroundings {
  readonly process?: { readonly env?: Record<string, string | undefined> };
  readonly Deno?: {
    readonly permissions: {
      querySync(query: { name: "env"; variable: string }): { readonly state: string };
    };
  };
}

/** An environment variable, or null: where there is none, in a browser, and in Deno without permission. */
export function readEnvironment(variable: string): string | null {
  const { process, Deno } = globalThis as Surroundings;
  // Deno would ask the user, or throw.
  if (Deno !== undefined && Deno.permissions.querySync({ name: "env", variable }).state !== "granted")
    return null;
  return process?.env?.[variable] || null;
}
