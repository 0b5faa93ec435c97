/**
 * Words that say what a number near them is: a one-time code, perhaps one, or something else (an order, a discount).
 * Languages that write words apart are looked up word by word; the others by what a line contains.
 */

export interface Label {
  readonly kind: "code" | "action" | "other";
  readonly start: number;
  readonly end: number;
}

/** The labels of one line, in order of their ends; at most 200. */
export function labelsOf(line: string): Label[] {
  const lower = line.toLowerCase();
  // Lower case can be longer than what it came from (İ); positions would be off.
  const text = lower.length === line.length ? lower : line;
  const labels: Label[] = [];
  let before = "";
  for (const match of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    const kind = kindOf(match[0], before);
    if (kind !== null) labels.push({ kind, start: match.index, end: match.index + match[0].length });
    before = match[0];
    if (labels.length === maxLabels) break;
  }
  for (const match of text.matchAll(phrases)) {
    labels.push({ kind: "action", start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(unspaced)) {
    labels.push({ kind: "code", start: match.index, end: match.index + match[0].length });
  }
  return labels.slice(0, maxLabels * 2).sort((one, other) => one.end - other.end);
}

const maxLabels = 100;

function kindOf(word: string, before: string): Label["kind"] | null {
  if (otherWords.has(word)) return "other";
  if (codeWords.has(word)) return qualifiers.has(before) ? "other" : "code";
  // Bestätigungscode, engångskod, verificatiecode; but not Rabattcode.
  const suffix = codeSuffixes.find((ending) => word.length > ending.length + 2 && word.endsWith(ending));
  if (suffix !== undefined) return notOneTime.has(word.slice(0, -suffix.length)) ? "other" : "code";
  return actionWords.has(word) ? "action" : null;
}

function words(...lines: string[]): Set<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

const codeWords = words(
  // English, and what other languages borrowed
  "code codes pin pins otp otps totp passcode passcodes tan mtan smstan token mfa",
  // German, Dutch, Scandinavian, Finnish
  "einmalpasswort einmalkennwort kennziffer koden kod kode koodi koodisi vahvistuskoodi tunnusluku",
  // Spanish, Portuguese, Italian, Romanian, Catalan
  "código códigos codigo codigos clave nip codice codici cod codul codi",
  // Polish, Czech, Slovak, Hungarian, Croatian, Turkish, Baltic
  "kodu kodem kód kódu kódot kódja kodunuz kodas kods koodiksi",
  // Russian, Ukrainian, Bulgarian, Serbian, Greek
  "код кода коду кодом пинкод κωδικός κωδικό κωδικος",
  // Arabic, Hebrew, Hindi, Vietnamese
  "رمز الرمز كود קוד कोड ओटीपी mã",
);

const codeSuffixes = ["code", "codes", "kode", "koden", "kod", "koodi", "kód"];

/** What the rest of such a compound must not be. */
const notOneTime = words(
  "rabatt gutschein aktions promo discount coupon voucher kortings kampanje kampanj",
  "bar qr post zip en de uni geo source quell strich landes area",
);

/** "discount code": the word before `code` that makes it another thing. */
const qualifiers = words(
  "discount promo promotional promotion coupon voucher gift referral invite reward offer",
  "card zip postal post area country dialing source bar qr error status exit response product item sku style",
  "color colour dress tracking sort branch routing swift currency tax vat hs reference rabatt",
);

/** Names of numbers that stay. */
const otherWords = words(
  "order orders invoice ticket reference ref case booking reservation tracking shipment parcel customer client",
  "account card ending phone tel telephone mobile call fax zip postcode room suite flight version build copyright",
  "transaction receipt article model serial isbn iban vat box extension ext port issue pull commit amount total",
  "bestellung bestellnummer auftrag auftragsnummer rechnung rechnungsnummer kundennummer vorgang sendung telefon konto",
  "commande facture colis téléphone compte pedido factura teléfono cuenta envío encomenda fatura telefone conta",
  "ordine fattura telefono conto bestelling factuur klantnummer zamówienie faktura objednávka заказ счёт",
);

const actionWords = words(
  "verify verification confirm confirmation authenticate authentication authorize login signin",
  "bestätigen bestätigung anmelden anmeldung verifizieren verifizierung confirmez connexion vérification",
  "confirmar verificar verificación verificação iniciar confermare verifica accesso bevestig bevestigen inloggen",
  "potwierdź weryfikacja zaloguj ověření doğrulama giriş подтверждения подтвердить вход",
);

const phrases = /one[- ]time|2fa|sign[- ]in|log[- ]in|two[- ]factor|2[- ]step|mot de passe à usage unique/g;

const unspaced = new RegExp(
  [
    // Chinese, Japanese, Korean, Thai
    "验证码|驗證碼|校验码|動態碼|动态码|确认码|確認碼|安全码|登录码|口令",
    "認証コード|確認コード|認証番号|確認番号|ワンタイム|コード|パスコード|暗証番号",
    "인증번호|인증 ?코드|확인 ?코드|보안 ?코드|코드",
    "รหัส",
  ].join("|"),
  "g",
);
