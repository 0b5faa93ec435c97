/** One mail with everything that a mail should not be able to do. Each vector has a name, so that a hit tells which. */

/** `remote` is where it calls out to, an origin; `own` the origin of the inbox itself. */
export function hostileHtml(remote: string, own: string): string {
  return [
    "<!doctype html><html><head>",
    `<base href="${remote}/base/">`,
    `<meta http-equiv="refresh" content="0; url=${remote}/meta-refresh">`,
    `<link rel="stylesheet" href="${remote}/link-stylesheet.css">`,
    `<link rel="preload" as="image" href="${remote}/link-preload.png">`,
    `<link rel="prefetch" href="${remote}/link-prefetch">`,
    `<link rel="preconnect" href="${remote}">`,
    `<link rel="dns-prefetch" href="${remote}">`,
    `<link rel="icon" href="${remote}/link-icon.png">`,
    `<link rel="manifest" href="${remote}/link-manifest.json">`,
    `<link rel="modulepreload" href="${remote}/link-modulepreload.js">`,
    `<style>
      @import url("${remote}/css-import.css");
      @font-face { font-family: spy; src: url("${remote}/css-font.woff2"); }
      body { background: url("${remote}/css-background.png"); font-family: spy; }
      .a { background-image: image-set(url("${remote}/css-image-set.png") 1x); }
      .b::before { content: url("${remote}/css-content.png"); }
      .c { list-style-image: url("${remote}/css-list.png"); display: list-item; }
      .d { --spy: url("${remote}/css-variable.png"); background-image: var(--spy); }
      .e { cursor: url("${remote}/css-cursor.png"), auto; }
      .f { mask-image: url("${remote}/css-mask.svg"); border-image: url("${remote}/css-border.png") 1; }
    </style>`,
    `<script>${spy(remote, "script-head")}</script>`,
    `<script src="${remote}/script-src.js"></script>`,
    `<script type="module">${spy(remote, "script-module")}</script>`,
    `</head><body background="${remote}/body-background.png" onload="${spy(remote, "body-onload")}">`,
    '<img id="inline" src="cid:picture@x.test" width="16" height="16">',
    '<p class="a">a</p><p class="b">b</p><p class="c">c</p><p class="d">d</p><p class="e">e</p><p class="f">f</p>',
    `<p style="background:url(${remote}/style-attribute.png)">style</p>`,
    `<img src="${remote}/img.png">`,
    `<img srcset="${remote}/img-srcset.png 1x">`,
    `<picture><source srcset="${remote}/picture.png"><img alt=""></picture>`,
    `<img src="x" onerror="${spy(remote, "img-onerror")}">`,
    `<img src="relative.png">`,
    `<img src="${own}/api/messages?vector=own-origin">`,
    `<input autofocus onfocus="${spy(remote, "input-onfocus")}">`,
    `<input type="image" src="${remote}/input-image.png">`,
    `<details open ontoggle="${spy(remote, "details-ontoggle")}"><summary>s</summary></details>`,
    `<video poster="${remote}/video-poster.png" src="${remote}/video.mp4" autoplay></video>`,
    `<audio src="${remote}/audio.mp3" autoplay></audio>`,
    `<video><track default src="${remote}/track.vtt"><source src="${remote}/video-source.mp4"></video>`,
    `<iframe src="${remote}/iframe"></iframe>`,
    `<iframe src="${own}/api/messages?vector=own-frame"></iframe>`,
    `<iframe srcdoc="<script>${spy(remote, "iframe-srcdoc")}</script><img src=${remote}/srcdoc.png>"></iframe>`,
    `<iframe src="javascript:${spy(remote, "iframe-javascript")}"></iframe>`,
    `<object data="${remote}/object"></object>`,
    `<embed src="${remote}/embed">`,
    `<svg onload="${spy(remote, "svg-onload")}"><image href="${remote}/svg-image.png"/><use href="${remote}/svg-use.svg#a"/></svg>`,
    `<svg><rect fill="url(${remote}/svg-fill.svg#a)" width="9" height="9"/><feImage href="${remote}/svg-feimage.png"/></svg>`,
    `<svg><a id="svg-link"><animate attributeName="href" values="javascript:${spy(remote, "svg-animate")}"/><text y="9">x</text></a></svg>`,
    `<svg><script>${spy(remote, "svg-script")}</script></svg>`,
    `<math><mtext><script>${spy(remote, "math-script")}</script></mtext></math>`,
    `<form id="form" action="${remote}/form" method="post"><button formaction="${remote}/formaction">Send</button></form>`,
    `<a id="script-link" href="javascript:${spy(remote, "script-link")}">click</a>`,
    `<a id="ping-link" href="#here" ping="${remote}/ping">ping</a>`,
    `<table background="${remote}/table-background.png"><tr><td background="${remote}/td-background.png">t</td></tr></table>`,
    `<noscript><img src="${remote}/noscript.png"></noscript>`,
    `<style>@import "${remote}/css-import-late.css";</style>`,
    "</body></html>",
  ].join("\n");
}

/** Says what ran, on the console and over the network. No double quotes, no angle brackets. */
function spy(remote: string, name: string): string {
  return `console.log('RAN ${name}');new Image().src='${remote}/ran-${name}'`;
}

/** What is shown as text and must stay text. */
export const hostileSubject = "<img src=x onerror=console.log('RAN-subject')> \u202egnp.exe";
export const hostileText =
  "<script>console.log('RAN text')</script>\njavascript:alert(1)\nhttps://x.test/ok\n";
