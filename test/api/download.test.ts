import { describe, expect, test } from "vitest";
import { contentDisposition, download } from "../../src/api/download.ts";

describe("download: file names", () => {
  test.each([
    ["report.pdf", 'filename="report.pdf"', "report.pdf"],
    ["Grüße 100%.txt", 'filename="Gr__e 100_.txt"', "Gr%C3%BC%C3%9Fe%20100%25.txt"],
    ["../../etc/passwd", 'filename="passwd"', "passwd"],
    ["..\\..\\boot.ini", 'filename="boot.ini"', "boot.ini"],
    ["C:\\x\\y.exe", 'filename="y.exe"', "y.exe"],
    ["%2e%2e%2fx", 'filename="_2e_2e_2fx"', "%252e%252e%252fx"],
    ["..", 'filename="fallback"', "fallback"],
    [".htaccess", 'filename="htaccess"', "htaccess"],
    ["", 'filename="fallback"', "fallback"],
    ["a/", 'filename="fallback"', "fallback"],
    ['x"; filename="evil.html', 'filename="x filename=evil.html"', "x%20filename%3Devil.html"],
    ["x\r\nSet-Cookie: a=b", 'filename="xSet-Cookie: a=b"', "xSet-Cookie%3A%20a%3Db"],
    ["a\0b.txt", 'filename="ab.txt"', "ab.txt"],
    ["invoice\u202efdp.exe", 'filename="invoicefdp.exe"', "invoicefdp.exe"],
    ["it's (1)*.txt", 'filename="it\'s (1)*.txt"', "it%27s%20%281%29%2A.txt"],
    ["lone\ud800.txt", 'filename="lone_.txt"', "lone%EF%BF%BD.txt"],
    ["📎.txt", 'filename="__.txt"', "%F0%9F%93%8E.txt"],
  ])("%j", (filename, ascii, extended) => {
    expect(contentDisposition(filename, "fallback")).toBe(
      `attachment; ${ascii}; filename*=UTF-8''${extended}`,
    );
  });

  test("a very long name is cut", () => {
    expect(contentDisposition("ä".repeat(10_000), "fallback").length).toBeLessThan(1_200);
  });
});

describe("download: types", () => {
  test.each([
    ["image/png", "image/png"],
    ["application/pdf", "application/pdf"],
    ["text/plain", "text/plain"],
    ["text/html", "application/octet-stream"],
    ["image/svg+xml", "application/octet-stream"],
    ["application/xhtml+xml", "application/octet-stream"],
    ["text/xml", "application/octet-stream"],
    ["application/javascript", "application/octet-stream"],
    ["image/png\r\nX: y", "application/octet-stream"],
  ])("%j is passed on as %s, in a sandbox", (contentType, served) => {
    const { headers } = download({ contentType, filename: null, octets: new Uint8Array(3) }, "x");
    expect(headers.get("content-type")).toBe(served);
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(headers.get("content-length")).toBe("3");
  });
});
