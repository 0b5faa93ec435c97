import { defineConfig } from "vite";

/** `npx vite web` serves the page with reload, against a Mailproof on its default port. */
const server = process.env.MAILPROOF_URL ?? "http://127.0.0.1:8025";
const proxied = { target: server, changeOrigin: true };

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: ["chrome123", "firefox121", "safari17.5"],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: { entryFileNames: "assets/app.js", assetFileNames: "assets/app.[ext]" },
    },
  },
  server: { proxy: { "/api": proxied, "/view": proxied } },
});
