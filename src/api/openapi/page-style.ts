/** The colours and letters of the web inbox, as far as a page of text needs them. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --chrome: light-dark(#f3f1ec, #121315);
  --sheet: light-dark(#ffffff, #1c1d21);
  --code: light-dark(#f0ede6, #25272c);
  --line: light-dark(#e4e0d8, #2a2c32);
  --ink: light-dark(#201d19, #e9e7e3);
  --muted: light-dark(#575148, #b1aea7);
  --accent: light-dark(#1f5fbf, #8ab4ff);
  --good: light-dark(#1a7444, #62c990);
  --bad: light-dark(#bb3028, #ff8f84);
  --warning: light-dark(#865600, #e6b450);
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace;
}
* { box-sizing: border-box; }
body {
  display: grid;
  grid-template: auto 1fr / 24rem minmax(0, 1fr);
  margin: 0;
  background: var(--chrome);
  color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header {
  grid-column: 1 / -1;
  display: flex;
  flex-wrap: wrap;
  gap: 0 1.5rem;
  align-items: baseline;
  padding: .75rem 1.25rem;
  border-bottom: 1px solid var(--line);
}
h1 { margin: 0; font-size: 1.15rem; }
h1 span { color: var(--muted); font-weight: 400; }
header p { margin: 0; }
header a + a { margin-left: 1rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
nav { position: sticky; top: 0; max-height: 100vh; overflow: auto; padding: .5rem 1.25rem 2rem; }
nav h2 { margin: 1rem 0 .25rem; font-size: .85rem; }
nav h2 a { color: var(--ink); }
nav ul { margin: 0; padding: 0; list-style: none; font: 12px/1.7 var(--mono); overflow-wrap: anywhere; }
nav li a { display: block; padding-left: 3.6rem; color: var(--muted); text-indent: -3.6rem; }
nav b { display: inline-block; width: 3.6rem; text-indent: 0; }
main { padding: 1rem 1.25rem 4rem; }
section { max-width: 62rem; }
section > h2 { margin: 2rem 0 .25rem; font-size: 1.2rem; }
article { margin: 1rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); }
article:target { border-color: var(--accent); }
h3 { margin: 0 0 .5rem; font: 600 14px/1.5 var(--mono); overflow-wrap: anywhere; }
h3 a { color: inherit; }
h4 { margin: 1rem 0 .25rem; font-size: .8rem; color: var(--muted); }
p { margin: .5rem 0; }
b.get { color: var(--accent); }
b.post { color: var(--good); }
b.put, b.patch { color: var(--warning); }
b.delete { color: var(--bad); }
code, pre { font: 12px/1.5 var(--mono); }
code { padding: .05em .3em; border-radius: 4px; background: var(--code); overflow-wrap: anywhere; }
pre { margin: .5rem 0; padding: .6rem .8rem; border-radius: 6px; background: var(--code); white-space: pre-wrap; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; }
th { width: 10rem; font-weight: 600; }
td:nth-child(2) { width: 13rem; color: var(--muted); }
td .fields { margin-top: .25rem; }
td .fields th { width: 8rem; }
td .fields td:nth-child(2) { width: 9rem; }
small { color: var(--muted); }
.problem th { color: var(--bad); }
details { margin: .25rem 0; }
summary { cursor: pointer; line-height: 1.9; color: var(--muted); }
@media (max-width: 52rem) {
  body { display: block; }
  nav { position: static; max-height: none; border-bottom: 1px solid var(--line); }
  main { padding: .5rem; }
  section > h2, section > p { padding: 0 .5rem; }
  article { padding: .75rem; }
  table, tbody, tr, th, td { display: block; width: auto; }
  th, td, td:nth-child(2), td .fields th, td .fields td:nth-child(2) { width: auto; padding: 0; border: 0; }
  tr { padding: .4rem 0; border-top: 1px solid var(--line); }
  tr:first-child { border-top: 0; }
}
`;
