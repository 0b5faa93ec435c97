import { expect, test } from "vitest";
import { Driver } from "./dialogue.ts";

const begun = "EHLO c.test\r\nMAIL FROM:<a@c.test>\r\nRCPT TO:<b@s.test>\r\n".split(/(?<=\n)/);

test.each(["BDAT 2\r\nhi", "BDAT 2 LAST\r\nhi"])(
  "P7: %j and more behind it, where nobody offered that",
  (chunk) => {
    const hiddenExtensions = new Set(["PIPELINING"]);
    const forgiving = new Driver({ hiddenExtensions });
    const strict = new Driver({ hiddenExtensions, strictness: "strict" });
    for (const driver of [forgiving, strict]) {
      driver.pump();
      for (const line of begun) driver.send(line);
    }
    expect(forgiving.send(`${chunk}NOOP\r\n`)).toContain("W: pipelined-without-extension");
    expect(strict.send(`${chunk}NOOP\r\n`)).toEqual([
      "W: pipelined-without-extension",
      "S: 554 5.5.0 SMTP synchronization error",
      "X:",
    ]);
  },
);
