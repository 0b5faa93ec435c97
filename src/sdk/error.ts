import type { Problem, ProblemName } from "../api/contract.ts";

/** The server refused a call, or no whole answer came. */
export class MailproofError extends Error {
  override readonly name = "MailproofError";
  /** HTTP status; null where no whole answer came. */
  readonly status: number | null;
  /** What the server said (RFC 9457); null where it said nothing that we understand. */
  readonly problem: Problem | null;
  /** Where in a fault rule, such as `rules[0].do[1].reply`; null elsewhere. */
  readonly path: string | null;

  constructor(message: string, status: number | null, problem: Problem | null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.problem = problem;
    this.path = problem?.path ?? null;
  }

  /** The same call may succeed a moment later. */
  get transient(): boolean {
    return this.status === null || this.status === 502 || this.status === 503 || this.status === 504;
  }

  is(name: ProblemName): boolean {
    return this.problem?.type === `urn:mailproof:problem:${name}`;
  }
}

/** Reads what a refusal says; something else than Mailproof may have answered. */
export async function refusal(action: string, response: Response): Promise<MailproofError> {
  const { status, statusText, url } = response;
  const problem = parseProblem(await response.text().catch(() => ""));
  const said = problem?.detail ?? `${status} ${statusText}; check that a Mailproof server answers at ${url}`;
  // Most problems are whole sentences; those of a rule begin with its path.
  const message = said.startsWith("Failed to ") ? said : `Failed to ${action}: ${said}`;
  return new MailproofError(message, status, problem);
}

function parseProblem(text: string): Problem | null {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null && "detail" in problem
      ? (problem as Problem)
      : null;
  } catch {
    return null;
  }
}
