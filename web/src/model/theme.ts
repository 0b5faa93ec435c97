import { Cell } from "./cell.ts";

export type Theme = "auto" | "light" | "dark";

const key = "mailproof.theme";

export const theme = new Cell<Theme>(remembered());

theme.watch(apply);
apply();

function apply(): void {
  const chosen = theme.get();
  document.documentElement.dataset.theme = chosen;
  try {
    if (chosen === "auto") localStorage.removeItem(key);
    else localStorage.setItem(key, chosen);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function remembered(): Theme {
  try {
    const chosen = localStorage.getItem(key);
    return chosen === "light" || chosen === "dark" ? chosen : "auto";
  } catch {
    return "auto";
  }
}
