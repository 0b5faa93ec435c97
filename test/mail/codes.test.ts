import { expect, test } from "vitest";
import { codesOf, readLetter } from "../../src/mail/mod.ts";

async function codesIn(text: string, subject = "Hello"): Promise<string[]> {
  const raw = `Subject: ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
  return codesOf(await readLetter(new TextEncoder().encode(raw)));
}

const codes: [text: string, code: string][] = [
  ["Your code is 482913", "482913"],
  ["482913 is your Acme verification code.", "482913"],
  ["Your PIN: 4821", "4821"],
  ["Use 482913 to sign in to Acme.", "482913"],
  ["Enter 48291 to verify your email address", "48291"],
  ["Your one-time passcode is 482 913.", "482913"],
  ["Your one-time passcode is 482-913.", "482913"],
  ["Security code: 4829-1377", "48291377"],
  ["OTP 48291377", "48291377"],
  ["G-482913 is your Google verification code.", "G-482913"],
  ["Your code: AB3-9KD", "AB3-9KD"],
  ["Confirmation code: XKQ-WPL", "XKQ-WPL"],
  ["Enter this code: 7XK9QP", "7XK9QP"],
  ["Your code is a1b2c3.", "a1b2c3"],
  ["Your verification code:\n\n482913\n\nIt is valid for 10 minutes.", "482913"],
  ["Enter the following code to continue.\n\n  482913  \n", "482913"],
  ["Hello Ada,\n\n482913\n\nThe Acme team", "482913"],
  ["Your code is\n4 8 2 9 1 3", "482913"],
  ["Your login code is:\n482913 (valid for 10 minutes)", "482913"],
  ["482913\nis your verification code", "482913"],
  ["*482913*\nUse this code to log in.", "482913"],
  ["Order #77123: your confirmation code is 482913", "482913"],
  ["Your verification code for order 77123 is 482913", "482913"],
  ["Sent 12 January 2024. Your code is 482913. © 2024 Acme, 94107", "482913"],
  ["Your account verification code: 482913", "482913"],
  ["Ihr Bestätigungscode lautet 482913", "482913"],
  ["Dein Einmalpasswort: 482913", "482913"],
  ["Ihre TAN: 482913", "482913"],
  ["Su código de verificación es 482913", "482913"],
  ["Il tuo codice di verifica è 482913", "482913"],
  ["Votre code de vérification : 482913", "482913"],
  ["O seu código de verificação é 482913", "482913"],
  ["Je verificatiecode is 482913", "482913"],
  ["Din engångskod är 482913", "482913"],
  ["Din engangskode er 482913", "482913"],
  ["Vahvistuskoodi: 482913", "482913"],
  ["Twój kod weryfikacyjny: 482913", "482913"],
  ["Váš ověřovací kód je 482913", "482913"],
  ["Doğrulama kodunuz: 482913", "482913"],
  ["Ваш код подтверждения: 482913", "482913"],
  ["Ο κωδικός σας είναι 482913", "482913"],
  ["您的验证码是482913，5分钟内有效。", "482913"],
  ["【Acme】驗證碼：482913", "482913"],
  ["認証コード：482913", "482913"],
  ["인증번호 [482913]를 입력해 주세요", "482913"],
  ["رمز التحقق الخاص بك هو 482913", "482913"],
  ["رمزك هو 482913", "482913"],
  ["كودك: ٤٨٢٩١٣", "482913"],
  ["Codul dvs. este 482913", "482913"],
  ["Codul Dvs. de verificare este 482913", "482913"],
  ["קוד האימות שלך: 482913", "482913"],
  ["Mã xác minh của bạn là 482913", "482913"],
  ["Code:482913", "482913"],
  ["Your PIN is 1984", "1984"],
];

test.each(codes)("codes: %j has %s", async (text, code) => {
  expect((await codesIn(text))[0]).toBe(code);
});

const none: string[] = [
  "",
  "Hello Ada, nice to see you.",
  "The meeting is on 2024-01-15 at 10:30.",
  "See you on 15.01.2024 or 01/15/2024 or 20240115.",
  "© 2024 Acme Inc.",
  "Call us: +1 415 555 2671",
  "Call us: (415) 555-2671 or 555-1234",
  "Telefon 0171 1234567",
  "You paid $1299.00 and €482913.",
  "Total: 1,299,482 or 482913 EUR",
  "Your order #482913 has shipped.",
  "Your order 482913 has shipped.",
  "Order number: 482913",
  "Order number:\n482913",
  "Your tracking number is 48291377",
  "Invoice 20231 is due.",
  "Rechnung 482913 ist fällig.",
  "Ticket 48213 was updated",
  "Your card ending in 4242 was charged.",
  "Use promo code SAVE20 at checkout.",
  "Ihr Rabattcode: SAVE2024",
  "Discount code:\nSAVE20",
  "Mountain View, CA 94043",
  "رمزك البريدي 11564",
  "10115 Berlin",
  "https://x.test/verify?code=482913",
  "Confirm here: https://x.test/482913",
  "Version 1.2.3456 of build 482913",
  "Your server is 192.168.100.2001",
  "The link expires in 1440 minutes.",
  "Please do not share your code.\n1600 Amphitheatre Parkway",
  "Over 120000 people read this.",
  "Background #482913 with code style",
  "request id 550e8400-e29b-41d4-a716-446655440000",
  "Write to 482913@x.test",
  "Card 4242 4242 4242 4242",
  "Code 1 2 3 4 5 6 7 8 9",
  "CONFIRM",
  "Please VERIFY your EMAIL",
  "Line 1\n2024\nLine 3",
];

test.each(none)("codes: %j has none", async (text) => {
  expect(await codesIn(text)).toEqual([]);
});

test("codes: the likeliest comes first", async () => {
  const text = "We saw a sign in attempt.\n\nBackup code: 48291377\n\nYour verification code is\n\n482913\n";
  expect(await codesIn(text)).toEqual(["482913", "48291377"]);
});

test("codes: the subject is read too, and helps a lone number", async () => {
  expect(await codesIn("See the subject.", "482913 is your code")).toEqual(["482913"]);
  expect(await codesIn("Hi,\n\n4829\n\nBye", "Your verification code")).toEqual(["4829"]);
});

test("codes: the HTML is read where the text has none", async () => {
  const html =
    "<p>Your verification code</p><table><tr><td>4</td><td>8</td><td>2</td><td>9</td></tr></table>";
  const raw = `Subject: x\r\nContent-Type: text/html\r\n\r\n${html}<p style="color:#123456">&copy; 2024</p>`;
  expect(codesOf(await readLetter(new TextEncoder().encode(raw)))).toEqual(["4829"]);
});

test("codes: a huge body of digits ends", async () => {
  expect((await codesIn(`${"code 123456 ".repeat(50_000)}`)).length).toBeLessThanOrEqual(10);
  expect(await codesIn("1-".repeat(200_000))).toEqual([]);
  expect(await codesIn(`code ${"1 ".repeat(100_000)}`)).toEqual([]);
});

const mails: [subject: string, lines: string[], codes: string[]][] = [
  [
    "[GitHub] Please verify your device",
    [
      "A sign in attempt requires further verification. Enter the verification code on the unrecognized device.",
      ...["", "Device: Firefox on Linux 2024", "Verification code: 482913", ""],
      "If you did not attempt to sign in, visit https://x.test/settings/482000.",
    ],
    ["482913"],
  ],
  [
    "Slack confirmation code: ABC-XYZ",
    [
      "Your confirmation code is below.",
      "",
      "ABC-XYZ",
      "",
      "Slack, 500 Howard Street, San Francisco, CA 94105",
    ],
    ["ABC-XYZ"],
  ],
  [
    "Email verification code",
    [
      "Verification code",
      "",
      "048291",
      "",
      "(This code is valid for 10 minutes)",
      "410 Terry Ave, Seattle, WA 98109-5210",
    ],
    ["048291"],
  ],
  [
    "Anmeldung",
    ["Ihr Code lautet: 482 913", "Fragen? Tel. 089 1234567", "80331 München, HRB 123456, DE123456789"],
    ["482913"],
  ],
  [
    "Your receipt #2483-1928",
    [
      "$20.00",
      "Paid January 15, 2024",
      "Receipt number 2483-1928",
      "Invoice number 4F2A1B3C-0001",
      "VISA - 4242",
    ],
    [],
  ],
  [
    "Your order #112-8472638-2938475",
    [
      "Order number: 112-8472638-2938475",
      "Subtotal: $1299.00",
      "Ship to: 1600 Pennsylvania Ave, Washington, DC 20500",
    ],
    [],
  ],
  ["Build failed", ["Build 482913 failed with exit code 12345 at commit 4f2a1b3c, line 48213"], []],
  [
    "Newsletter 2024",
    ["Read 12000 words in 5000 seconds", "We have 100000 subscribers", "Unsubscribe 48213"],
    [],
  ],
];

test.each(mails)("codes: a whole mail, %s", async (subject, lines, found) => {
  expect(await codesIn(lines.join("\n"), subject)).toEqual(found);
});
