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
  // Positions stay as they are: İ is the one letter whose lower case is longer.
  const text = line.replaceAll("İ", "i").toLowerCase();
  const labels: Label[] = [];
  const found = Array.from(text.matchAll(/[\p{L}\p{M}]+/gu)).slice(0, maxWords);
  for (const [at, match] of found.entries()) {
    const after = found.slice(at + 1, at + 3).map(([word]) => word);
    const kind = kindOf(match[0], found[at - 1]?.[0] ?? "", after);
    if (kind !== null) labels.push({ kind, start: match.index, end: match.index + match[0].length });
    if (labels.length === maxLabels) break;
  }
  for (const [kind, expression] of phrases) {
    for (const match of text.matchAll(expression)) {
      labels.push({ kind, start: match.index, end: match.index + match[0].length });
    }
  }
  for (const match of text.matchAll(unspaced)) {
    const kind = match[1] === undefined ? "code" : "other";
    labels.push({ kind, start: match.index, end: match.index + match[0].length });
  }
  return labels.slice(0, maxLabels * 2).sort((one, other) => one.end - other.end);
}

const maxWords = 2_000;
const maxLabels = 100;

function kindOf(word: string, before: string, after: readonly string[]): Label["kind"] | null {
  if (otherWords.has(word)) return "other";
  if (codeWords.has(word)) {
    // "código de descuento": the word that tells may stand behind a preposition.
    const next = prepositions.has(after[0] ?? "") ? after[1] : after[0];
    return qualifiers.has(before) || followers.has(next ?? "") ? "other" : "code";
  }
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
  "kodu kodem kód kódu kódot kódja kódod kodunuz kodas kods koodiksi",
  // Russian, Ukrainian, Bulgarian, Serbian, Greek
  "код кода коду кодом пинкод κωδικός κωδικό κωδικος",
  // Arabic, Persian, Hebrew, Hindi, Vietnamese
  "رمز الرمز رمزك رمزكم كود كودك کد קוד कोड ओटीपी mã",
);

const codeSuffixes = ["code", "codes", "kode", "koden", "kod", "koodi", "koodisi", "kód"];

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
  "posta indirim",
);

/** The same where it stands behind. */
const followers = words(
  "postal postale promo promotionnel réduction parrainage promocional descuento postais desconto rastreio",
  "sconto promozionale fiscale tributo pocztowy rabatowy promocyjny poștal bưu البريدي البريد الخصم خصم",
);

const prepositions = words("de di del do da du des");

/** Names of numbers that stay. */
const otherWords = words(
  "order orders invoice ticket reference ref case booking reservation tracking shipment parcel customer client",
  "account card ending phone tel telephone mobile call fax zip postcode room suite flight version build copyright",
  "transaction receipt article model serial isbn iban vat box extension ext port issue pull commit amount total",
  "bestellung bestellnummer auftrag auftragsnummer rechnung rechnungsnummer kundennummer vorgang sendung telefon konto",
  "commande facture colis téléphone compte pedido factura teléfono cuenta envío encomenda fatura telefone conta",
  "ordine fattura telefono conto bestelling factuur klantnummer zamówienie faktura objednávka заказ счёт ऑर्डर",
);

const actionWords = words(
  "verify verification confirm confirmation authenticate authentication authorize login signin",
  "bestätigen bestätigung anmelden anmeldung verifizieren verifizierung confirmez connexion vérification",
  "confirmar verificar verificación verificação iniciar confermare verifica accesso bevestig bevestigen inloggen",
  "potwierdź weryfikacja zaloguj ověření doğrulama giriş подтверждения подтвердить вход",
);

const phrases: readonly (readonly [Label["kind"], RegExp])[] = [
  ["other", /confirmation (?:number|no\b)|(?:order|booking|payment|reservation) confirmation/g],
  ["action", /one[- ]time|2fa|sign[- ]in|log[- ]in|two[- ]factor|2[- ]step/g],
  // A password that works once is a code; any other password is none.
  [
    "code",
    new RegExp(
      [
        "(?:one[- ]time|single[- ]use) password|mot de passe (?:à usage )?unique|contraseña de un solo uso",
        "senha de uso único|password monouso|eenmalige? wachtwoord|hasło jednorazowe|jednorázové heslo",
        "engångslösenord|engangspassord|kertakäyttösalasana|tek kullanımlık şifre[a-z]*|одноразовый пароль",
        "одноразовий пароль|egyszeri jelszó|mật khẩu một lần|كلمة مرور لمرة واحدة",
      ].join("|"),
      "g",
    ),
  ],
];

/** Chinese, Japanese, Korean, Thai: the longer name of something else comes before the code in it. */
const unspaced = new RegExp(
  [
    "([订訂][单單](?:号|號|编号|編號)|快递单号|运单号|邮政编码|邮编|郵遞區號|优惠码|優惠碼|折扣码|会员号|尾号|尾號",
    "(?:注文|会員|郵便|電話|追跡)番号|(?:商品|クーポン|割引|バー|エラー)コード",
    "(?:주문|우편|송장|전화|회원) ?번호|(?:쿠폰|할인|상품|오류) ?코드|หมายเลขคำสั่งซื้อ|รหัสไปรษณีย์)",
    "验证码|驗證碼|校验码|動態碼|动态码|动态密码|確認碼|确认码|安全码|登录码|口令",
    "認証コード|確認コード|認証番号|確認番号|ワンタイム|コード|パスコード|暗証番号",
    "인증번호|인증 ?코드|확인 ?코드|보안 ?코드|일회용 ?비밀번호|코드",
    "รหัส",
  ].join("|"),
  "g",
);
