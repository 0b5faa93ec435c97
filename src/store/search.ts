/**
 * The grammar of the search line `q`:
 *
 *     any  = all *("OR" all)          OR binds weaker than standing side by side
 *     all  = 1*unary
 *     unary = ["-"] (word / phrase / regex / field ":" value / "(" any ")")
 *
 * An empty line finds everything.
 */
import { type SearchToken, searchError, tokenizeSearch } from "./search-lexer.ts";

export type SearchNode =
  | { readonly kind: "all" | "any"; readonly nodes: readonly SearchNode[] }
  | { readonly kind: "not"; readonly node: SearchNode }
  | Extract<SearchToken, { readonly kind: "anywhere" | "field" }>;

const deepest = 20;

/** @throws FilterError with the column of the mistake, from 1. */
export function parseSearch(line: string): SearchNode {
  const tokens = tokenizeSearch(String(line));
  let at = 0;

  const any = (depth: number): SearchNode => {
    const nodes = [all(depth)];
    for (let or = tokens[at]; or?.kind === "or"; or = tokens[at]) {
      at += 1;
      if (!startsTerm(tokens[at])) throw searchError(or.column, "OR needs something on both sides");
      nodes.push(all(depth));
    }
    return nodes.length === 1 ? nodes[0]! : { kind: "any", nodes };
  };

  const all = (depth: number): SearchNode => {
    const nodes: SearchNode[] = [];
    while (startsTerm(tokens[at])) nodes.push(unary(depth));
    const stop = tokens[at];
    if (nodes.length === 0 && stop?.kind === "or") {
      throw searchError(stop.column, "OR needs something on both sides");
    }
    return nodes.length === 1 ? nodes[0]! : { kind: "all", nodes };
  };

  const unary = (depth: number): SearchNode => {
    const token = tokens[at]!;
    at += 1;
    if (depth > deepest) throw searchError(token.column, `nested too deep; use at most ${deepest} levels`);
    if (token.kind === "anywhere" || token.kind === "field") return token;
    return token.kind === "not" ? { kind: "not", node: excluded(token, depth) } : group(token, depth);
  };

  const excluded = (minus: SearchToken, depth: number): SearchNode => {
    if (!startsTerm(tokens[at])) throw searchError(minus.column, "- excludes nothing; quote the OR");
    return unary(depth + 1);
  };

  const group = (open: SearchToken, depth: number): SearchNode => {
    const node = any(depth + 1);
    const close = tokens[at];
    if (close === undefined) throw searchError(open.column, "the parenthesis is never closed; add a )");
    at += 1;
    if (node.kind === "all" && node.nodes.length === 0) {
      throw searchError(open.column, "there is nothing between the parentheses");
    }
    return node;
  };

  const node = any(0);
  const rest = tokens[at];
  if (rest !== undefined) throw searchError(rest.column, "the parenthesis closes nothing; remove it");
  return node;
}

function startsTerm(token: SearchToken | undefined): boolean {
  return token !== undefined && token.kind !== "or" && token.kind !== "close";
}
