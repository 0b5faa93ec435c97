import { expect, test } from "vitest";
import { type Link, linksOf, readLetter } from "../../src/mail/mod.ts";

async function linksIn(html: string | null, text: string | null = null): Promise<Link[]> {
  const parts = [
    ...(text === null ? [] : ["--b", "Content-Type: text/plain; charset=utf-8", "", text]),
    ...(html === null ? [] : ["--b", "Content-Type: text/html; charset=utf-8", "", html]),
  ];
  const raw = ["Content-Type: multipart/alternative; boundary=b", "", ...parts, "--b--"].join("\r\n");
  return linksOf(await readLetter(new TextEncoder().encode(raw)));
}

const anchors: [html: string, links: [url: string, text: string][]][] = [
  [
    '<a href="https://x.test/a?b=1&amp;c=2#d">Click <b>here</b>\n now</a>',
    [["https://x.test/a?b=1&c=2#d", "Click here now"]],
  ],
  ["<A HREF=http://x.test/>x</A>", [["http://x.test/", "x"]]],
  ["<a href=' https://x.test/a\nb '>x</a>", [["https://x.test/ab", "x"]]],
  ['<a href="mailto:ada@x.test">Ada</a>', [["mailto:ada@x.test", "Ada"]]],
  ['<a href="https://x.test/"><img src="y" alt="Logo"></a>', [["https://x.test/", "Logo"]]],
  ['<a href="https://x.test/"><style>a{}</style>x</a>', [["https://x.test/", "x"]]],
  [
    '<a href="https://x.test/1">one<a href="https://x.test/2">two',
    [
      ["https://x.test/1", "one"],
      ["https://x.test/2", "two"],
    ],
  ],
  ['<map><area href="https://x.test/" alt="East"></map>after', [["https://x.test/", "East"]]],
  [
    '<a href="javascript:alert(1)">x</a><a href="ftp://x.test/">x</a><a href="#x">x</a><a href="/x">x</a><a>x</a>',
    [],
  ],
  ['<!-- <a href="https://x.test/">x</a> --><script>"<a href=https://x.test/>"</script>', []],
  ['<a href="https://x.test/">first</a><a href="https://x.test/">second</a>', [["https://x.test/", "first"]]],
  ['<a href="https://x.test/"><img></a><a href="https://x.test/">seen</a>', [["https://x.test/", "seen"]]],
  ['<a href="https://x.test/', []],
  ['<a href="https://x.test/">Confirm<br>now</a>', [["https://x.test/", "Confirm now"]]],
  [
    '<a href="https://x.test/"><table><tr><td>Confirm</td><td>now</td></tr></table></a>',
    [["https://x.test/", "Confirm now"]],
  ],
  ['<a href="https://x.test/">&#8203;Go&nbsp;now&zwnj;</a>', [["https://x.test/", "Go now"]]],
  [
    '<p>Or copy https://x.test/<b>verify</b>?t=1</p><p>and go</p><a href="https://x.test/go">Go</a>',
    [
      ["https://x.test/go", "Go"],
      ["https://x.test/verify?t=1", "https://x.test/verify?t=1"],
    ],
  ],
  [
    '<a href="https://x.test/a/">https://x.test/a</a><a name="x">https://x.test/b</a>',
    [["https://x.test/a/", "https://x.test/a"]],
  ],
  ["<style>@import url(https://x.test/a)</style><title>https://x.test/b</title>", []],
];

test.each(anchors)("links: %s", async (html, links) => {
  expect(await linksIn(html)).toEqual(links.map(([url, text]) => ({ url, text })));
});

const texts: [text: string, urls: string[]][] = [
  ["Go to https://x.test/a?b=1&c=2.", ["https://x.test/a?b=1&c=2"]],
  ["(see http://x.test/a_(b)), or <https://y.test/>", ["http://x.test/a_(b)", "https://y.test/"]],
  ["http://localhost:3000/verify?token=a.b-c_d~e%20f", ["http://localhost:3000/verify?token=a.b-c_d~e%20f"]],
  [
    "http://127.0.0.1:8080/ http://user:pass@web:80/x",
    ["http://127.0.0.1:8080/", "http://user:pass@web:80/x"],
  ],
  [
    "https://exämple.test/straße 你好https://x.test/你好",
    ["https://exämple.test/straße", "https://x.test/你好"],
  ],
  ["mailto:ada@x.test", ["mailto:ada@x.test"]],
  ["x.test, www.x.test, ada@x.test, ftp://x.test/, javascript:alert(1), //x.test/", []],
  ["https://x.test/ and https://x.test/", ["https://x.test/"]],
  [
    "**https://x.test/a** _https://x.test/b_ `https://x.test/c`",
    ["https://x.test/a", "https://x.test/b", "https://x.test/c"],
  ],
  [
    "URL=https://x.test/a_b_ and https://x.test/?next=https://y.test/",
    ["https://x.test/a_b_", "https://x.test/?next=https://y.test/"],
  ],
  ["[Confirm](https://x.test/a), 详情：https://x.test/b。", ["https://x.test/a", "https://x.test/b"]],
];

test.each(texts)("links: %s", async (text, urls) => {
  expect((await linksIn(null, text)).map(({ url }) => url)).toEqual(urls);
});

test("links: those of the HTML come first, the text adds what is missing", async () => {
  const links = await linksIn('<a href="https://x.test/b">B</a>', "https://x.test/a https://x.test/b");
  expect(links).toEqual([
    { url: "https://x.test/b", text: "B" },
    { url: "https://x.test/a", text: "https://x.test/a" },
  ]);
});
