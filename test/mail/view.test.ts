import { expect, test } from "vitest";
import { htmlForView, htmlToText } from "../../src/mail/mod.ts";

const OUT = ' target="_blank" rel="noopener noreferrer"';

const views: [what: string, html: string, shown: string][] = [
  [
    "what needs no change",
    "<!DOCTYPE html><P Class = a>&amp;<br/>\r\n<!-- <link> --></p",
    "<!DOCTYPE html><P Class = a>&amp;<br/>\r\n<!-- <link> --></p",
  ],
  ["link, base", '<link rel=preconnect href="//x.test"><BASE href="/"><b>', "<b>"],
  ["meta", '<meta charset=utf-8><meta http-equiv=refresh content="0;url=//x.test">', "<meta charset=utf-8>"],
  [
    "a link in a comment, in a style, in a title",
    "<!--<base>--><style><base></style><title><base></title>",
    "<!--<base>--><style><base></style><title><base></title>",
  ],
  ["a link", '<a href="https://x.test/">x</a>', `<a${OUT} href="https://x.test/">x</a>`],
  ["a link with a target", "<a target=_top href=x rel='opener'>", `<a${OUT}  href=x >`],
  ["a link to a place in the mail", '<a href="#top" target=x>', '<a href="#top" target=x>'],
  ["an anchor", "<a name=top>", "<a name=top>"],
  ["an area", "<area href=x />", `<area${OUT} href=x />`],
  ["a frame", "<iframe width=9 SRC=//x.test srcdoc='<p>'></iframe>", "<iframe width=9  ></iframe>"],
  ["an inline picture", '<img alt="" src="cid:1@x">', '<img alt="" src="/inline/1@x">'],
  [
    "its id in percent form, upper case, no quotes",
    "<img src=CID:a%40b%2fc alt=x>",
    '<img src="/inline/a@b/c" alt=x>',
  ],
  [
    "a background",
    '<td background="cid:1@x" style="color:red">',
    '<td background="/inline/1@x" style="color:red">',
  ],
  ["an unknown id", '<img src="cid:nobody">', '<img src="cid:nobody">'],
  ["an id with a quote", "<img src='cid:&quot;>'>", '<img src="/inline/&quot;>">'],
  [
    "a style attribute",
    "<p style='background: url(cid:1@x) , url( \"cid:2@x\" )'>",
    '<p style="background: url(&quot;/inline/1@x&quot;) , url(&quot;/inline/2@x&quot;)">',
  ],
  [
    "a style element",
    "<style>p{background:url('cid:1@x')}</style>url(cid:1@x)",
    '<style>p{background:url("/inline/1@x")}</style>url(cid:1@x)',
  ],
  ["a tag that never ends", "<p>x<link rel=preconnect", "<p>x<link rel=preconnect"],
];

test.each(views)("view: %s", (_what, html, shown) => {
  expect(htmlForView(html, (contentId) => (contentId === "nobody" ? null : `/inline/${contentId}`))).toBe(
    shown,
  );
});

const texts: [html: string, text: string][] = [
  ["<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"],
  ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"],
  ["<b>bo</b>ld &eacute;&#x1f60a; a&nbsp;b  \n c", "bold é😊 a b c"],
  ["<script>x</script><style>y</style><title>z</title>seen<template>t</template>", "seen"],
  ["pre&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&shy;header", "pre header"],
  ["<!-- c --><div>a<ul><li>1<li>2</ul>", "a\n1\n2"],
  ["a < b & c", "a < b & c"],
  ["", ""],
];

test.each(texts)("text of HTML: %s", (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test("view: a million open tags and as many broken ones end", () => {
  const html = "<b>".repeat(300_000) + "<a href=cid:".repeat(50_000) + "url(cid:".repeat(50_000);
  expect(htmlForView(html, () => null).startsWith("<b><b>")).toBe(true);
  expect(htmlToText(`${html}>end`)).toBe("end");
});
