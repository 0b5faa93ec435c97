/** Mails that carry one-time codes, as services write them, each with numbers that are none. */
export interface CodeMail {
  readonly name: string;
  readonly subject: string;
  readonly body: string;
  readonly isHtml: boolean;
  /** All of them, in order. */
  readonly codes: readonly string[];
}

/** A mail in plain text. */
export function text(name: string, subject: string, body: string, ...codes: string[]): CodeMail {
  return { name, subject, body, isHtml: false, codes };
}

function html(name: string, subject: string, body: string, ...codes: string[]): CodeMail {
  return { name, subject, body, isHtml: true, codes };
}

export const codeMails: readonly CodeMail[] = [
  text(
    "en: between an order, a date and a phone number",
    "Your Acme sign-in code",
    "Hi Ada,\n\nUse 301948 to sign in. It expires at 14:35 on 28 November 2026.\n\nOrder 88213377 ships on 2026-12-01.\nQuestions? Call +44 20 7946 0958 or (415) 555-0137.",
    "301948",
  ),
  text(
    "en: the year beside it",
    "Security alert",
    "New sign-in on November 28, 2026 at 9:41 AM.\nYour security code: 2026-4471\n© 2026 Acme, Inc., 548 Market St PMB 57274, San Francisco, CA 94104-5401",
    "20264471",
  ),
  text(
    "en: in the subject only",
    "Acme code: 550713",
    "Hello,\n\nyour code is in the subject.\nAcme Ltd, Registered in England No. 07254638",
    "550713",
  ),
  text(
    "en: subject first, a price in the body",
    "550713 is your Acme code",
    "You asked to pay $1,249.00 with card ending 4242 on 28/11/2026.",
    "550713",
  ),
  text(
    "en: split by a blank",
    "Verify",
    "Your verification code is:\n\n  123 456\n\nRef: TKT-20931",
    "123456",
  ),
  text("en: split by a dash", "Verify", "Enter 123-456 in the app to confirm your email.", "123456"),
  text("en: split by an en dash", "Verify", "Your one-time code is 123–456.", "123456"),
  text("en: split by a middle dot", "Verify", "Your code: 123·456", "123456"),
  text("en: split in three", "Verify", "Your login code is 12 34 56. Never share it.", "123456"),
  text(
    "en: letters and digits",
    "Confirm it is you",
    "Confirmation code\n\nH7K2P9\n\nOrder: A10-22931-B. Tracking: 1Z999AA10123456784.",
    "H7K2P9",
  ),
  text("en: letters in groups", "Your login code", "Enter the following code: WDJB-MJHT", "WDJB-MJHT"),
  text("en: four groups", "Device login", "Enter this code on the device: 4F7K-92QX-P3ZT", "4F7K-92QX-P3ZT"),
  text(
    "en: eight digits",
    "Your code",
    "Single-use code\nYour single-use code is: 48270915\nOnly enter this code at an official website.",
    "48270915",
  ),
  text(
    "en: in bold stars",
    "Sign in",
    "Here is your login code:\n**482 913**\nThis code expires in 15 minutes.",
    "482913",
  ),
  text("en: in quotes", "Sign in", 'Please enter "482913" when asked for the PIN.', "482913"),
  text("en: in brackets", "Sign in", "Your verification code [482913] is valid for 300 seconds.", "482913"),
  text("en: WebOTP", "Sign in", "Your Acme code is 482913.\n\n@acme.test #482913", "482913"),
  text(
    "en: the label below",
    "Welcome",
    "482913\n\nThis is your verification code. It works for 30 minutes.",
    "482913",
  ),
  text(
    "en: expiry and tries",
    "Reset your password",
    "Use code 90412 within 1440 minutes. You have 10000 tries. Your user ID is 5512093.",
    "90412",
  ),
  text(
    "en: two codes, the nearer word wins",
    "Your codes",
    "Order reference 7741020.\nYour one-time password is 664201\nSupport PIN 9931",
    "664201",
    "9931",
  ),
  text(
    "en: a link with the code in it",
    "Confirm",
    "Your code is 482913, or open https://x.test/verify?code=482913&uid=991823",
    "482913",
  ),
  text("en: a passcode of letters", "Meeting", "Meeting ID: 883 1922 0143\nPasscode: 771204", "771204"),
  text(
    "en: an account name in front",
    "Steam Guard",
    "Here is the Steam Guard code you need to login to account ada1984:\n\nR2D5P\n\nIt was made by a login from 203.0.113.7.",
    "R2D5P",
  ),
  text(
    "en: backup codes",
    "2FA",
    "Backup codes:\n\n48291377\n12093847\n55019283",
    "48291377",
    "12093847",
    "55019283",
  ),
  text(
    "en: zeros in front",
    "Confirm your email",
    "Enter the 4-digit code: 0042. We will never call you from +44 7903 561836.",
    "0042",
  ),
  text("de: 6-stellig", "Login", "Ihr 6-stelliger Code: 482913, gültig bis 28.11.2026 14:00", "482913"),
  text(
    "zh: the last digits of a card",
    "登录",
    "您尾号8821的账户于11月28日登录，验证码482913，切勿泄露。客服95588",
    "482913",
  ),
  text(
    "de: between invoice and IBAN",
    "Ihr Sicherheitscode",
    "Guten Tag,\n\nIhr Sicherheitscode lautet: 739 204\n\nKundennummer 40118823, Rechnung 2026-11873 über 1.249,00 €\nIBAN DE89 3704 0044 0532 0130 00\n28.11.2026",
    "739204",
  ),
  text(
    "de: TAN",
    "TAN-Anforderung",
    "Ihre smsTAN für den Auftrag über 482913 EUR: 205817. Gültig bis 28.11.2026, 10:45 Uhr.",
    "205817",
  ),
  text(
    "de: a line of its own",
    "Anmeldung bei Acme",
    "Gib zur Anmeldung diesen Code ein:\n\n918273\n\nEr gilt 10 Minuten.\nAcme GmbH, Hauptstraße 12, 10115 Berlin, Tel. 030 901820",
    "918273",
  ),
  text(
    "de: Zugangscode with letters",
    "Ihr Zugangscode",
    "Ihr Zugangscode: X4T9-B2LM\nVorgangsnummer: 20261128",
    "X4T9-B2LM",
  ),
  text(
    "fr: among price and postcode",
    "Votre code de sécurité",
    "Bonjour,\n\nVotre code de sécurité est le 482 913. Il expire dans 10 minutes.\n\nCommande n° 5520198 — 1 299,00 €\n75011 Paris — 01 42 68 53 00",
    "482913",
  ),
  text(
    "fr: à usage unique",
    "Connexion",
    "Voici votre mot de passe à usage unique : 70914\nTél. : +33 1 42 68 53 00",
    "70914",
  ),
  text(
    "fr: saisissez",
    "Vérifiez votre adresse",
    "Saisissez le code suivant :\n\n48 29 13\n\nFacture du 28/11/2026 : 482,91 €",
    "482913",
  ),
  text(
    "es: clave",
    "Clave de acceso",
    "Su clave de un solo uso es 482913. Vence el 28/11/2026.\nPedido 90231145, total 1.299,00 €. Tel. 91 123 45 67",
    "482913",
  ),
  text("es: contraseña", "Verificación", "Tu contraseña de un solo uso: 55019\n28013 Madrid", "55019"),
  text(
    "es: introduce",
    "Código de verificación",
    "Introduce este código:\n\n482913\n\nNúmero de referencia: 7719204",
    "482913",
  ),
  text(
    "pt: senha",
    "Seu acesso",
    "Sua senha de uso único é 482913.\nPedido nº 55019283, R$ 1.299,00, CEP 01310-100, CPF 123.456.789-09",
    "482913",
  ),
  text(
    "pt: código",
    "Código de segurança",
    "Utilize o código 904 117 para entrar.\nTelefone: (11) 91234-5678",
    "904117",
  ),
  text(
    "it: codice",
    "Codice di accesso",
    "Il codice di accesso è:\n\n482913\n\nOrdine 77120934 del 28/11/2026, € 1.299,00. 00184 Roma",
    "482913",
  ),
  text("it: password monouso", "Accesso", "La tua password monouso: 482913", "482913"),
  text(
    "nl: beveiligingscode",
    "Je beveiligingscode",
    "Je beveiligingscode is 482913. Bestelling 90318827, postcode 1012 AB, € 1.299,00.",
    "482913",
  ),
  text("nl: eenmalig wachtwoord", "Inloggen", "Uw eenmalige wachtwoord: 482913\nBel 020 123 4567", "482913"),
  text(
    "pl: kod",
    "Kod weryfikacyjny",
    "Twój kod to 482913. Zamówienie nr 55019283 z 28.11.2026, 1299,00 zł. Tel. 22 123 45 67, 00-950 Warszawa",
    "482913",
  ),
  text("pl: hasło", "Logowanie", "Hasło jednorazowe: 482913", "482913"),
  text(
    "sv: engångskod",
    "Logga in",
    "Din engångskod: 482913\nOrdernummer 55019283, 1 299 kr, 111 22 Stockholm",
    "482913",
  ),
  text("da: kode", "Log ind", "Din bekræftelseskode er 482913\nOrdrenummer 55019283", "482913"),
  text("fi: koodi", "Kirjaudu", "Kertakäyttökoodisi on 482913. Tilaus 55019283.", "482913"),
  text(
    "cs: kód",
    "Přihlášení",
    "Váš jednorázový kód: 482913\nObjednávka č. 55019283, 1 299 Kč, 110 00 Praha",
    "482913",
  ),
  text("hu: kód", "Belépés", "Az egyszer használatos kódod: 482913. Rendelés: 55019283", "482913"),
  text("ro: cod", "Autentificare", "Codul tău de verificare este 482913. Comanda 55019283.", "482913"),
  text(
    "tr: kod",
    "Giriş kodunuz",
    "Tek kullanımlık şifreniz: 482913\nSipariş no: 55019283, 1.299,00 TL, 0212 123 45 67",
    "482913",
  ),
  text("tr: doğrulama", "Doğrulama", "Doğrulama kodu: 482 913. 10 dakika geçerlidir.", "482913"),
  text(
    "ru: код",
    "Код для входа",
    "Ваш код для входа — 482913. Никому его не сообщайте.\nЗаказ 55019283, 1 299 ₽, +7 495 123-45-67, 28.11.2026",
    "482913",
  ),
  text("ru: пароль", "Вход", "Одноразовый пароль: 482913\n101000 Москва", "482913"),
  text("uk: код", "Вхід", "Ваш код підтвердження: 482913. Замовлення 55019283.", "482913"),
  text("el: κωδικός", "Σύνδεση", "Ο κωδικός μίας χρήσης είναι 482913. Παραγγελία 55019283.", "482913"),
  text(
    "ja: 認証コード",
    "認証コードのお知らせ",
    "認証コード\n\n482913\n\n有効期限は10分です。注文番号:55019283、合計 12,990円。〒150-0002 東京都、電話 03-1234-5678。2026年11月28日",
    "482913",
  ),
  text("ja: full width", "ログイン", "ワンタイムパスワードは４８２９１３です。", "482913"),
  text("ja: セキュリティコード", "ログイン", "セキュリティコード: 4829\n会員番号: 55019283", "4829"),
  text(
    "zh: 验证码",
    "登录验证码",
    "【某某】您的验证码为482913，10分钟内有效。订单号55019283，金额1299.00元。客服热线400-820-8820。2026年11月28日",
    "482913",
  ),
  text("zh: 动态密码", "登录", "您的动态密码是：482913。", "482913"),
  text("zh-tw: 驗證碼", "登入驗證", "您的驗證碼是 482913，訂單編號 55019283。電話 02-2345-6789", "482913"),
  text(
    "ko: 인증번호",
    "로그인",
    "[아크메] 인증번호는 482913입니다. 주문번호 55019283, 12,990원. 고객센터 1588-1234. 2026년 11월 28일",
    "482913",
  ),
  text("ko: 일회용 비밀번호", "로그인", "일회용 비밀번호: 482913", "482913"),
  text("ar: رمز", "رمز الدخول", "رمز التحقق: 482913\nرقم الطلب: 55019283\nهاتف: +966 11 123 4567", "482913"),
  text("ar: Arabic digits", "رمز الدخول", "رمز التحقق الخاص بك هو ٤٨٢٩١٣", "482913"),
  text("he: קוד", "כניסה", "קוד האימות שלך הוא 482913. הזמנה 55019283.", "482913"),
  text("hi: ओटीपी", "लॉगिन", "आपका ओटीपी 482913 है। ऑर्डर 55019283", "482913"),
  text("hi: Devanagari digits", "लॉगिन", "आपका सत्यापन कोड ४८२९१३ है।", "482913"),
  text("fa: کد", "ورود", "کد تایید شما: ۴۸۲۹۱۳", "482913"),
  text("th: รหัส", "เข้าสู่ระบบ", "รหัส OTP ของคุณคือ 482913 หมายเลขคำสั่งซื้อ 55019283", "482913"),
  text("vi: mã", "Đăng nhập", "Mã xác thực của bạn là 482913. Đơn hàng 55019283, 1.299.000 ₫.", "482913"),
  text("id: kode", "Masuk", "Kode verifikasi Anda adalah 482913. Pesanan 55019283, Rp 1.299.000.", "482913"),
  html(
    "html: a cell for each digit",
    "Your code",
    "<p>Your verification code</p><table><tr><td>4</td><td>8</td><td>2</td><td>9</td><td>1</td><td>3</td></tr></table><p>Order 55019283</p>",
    "482913",
  ),
  html(
    "html: a table in each cell",
    "Your code",
    "<p>Enter this code:</p><table><tr><td><table><tr><td>4</td></tr></table></td><td><table><tr><td>8</td></tr></table></td><td><table><tr><td>2</td></tr></table></td><td><table><tr><td>9</td></tr></table></td><td><table><tr><td>1</td></tr></table></td><td><table><tr><td>3</td></tr></table></td></tr></table>",
    "482913",
  ),
  html(
    "html: a span for each digit",
    "Your code",
    "<p>Your code is</p><div><span>4</span><span>8</span><span>2</span> <span>9</span><span>1</span><span>3</span></div>",
    "482913",
  ),
  html(
    "html: an inline block for each",
    "Your code",
    "<p>Enter this code</p><p><span>4</span>&nbsp;<span>8</span>&nbsp;<span>2</span>&nbsp;<span>9</span>&nbsp;<span>1</span>&nbsp;<span>3</span></p>",
    "482913",
  ),
  html(
    "html: two halves",
    "Your code",
    "<h1>Sign in</h1><p>Your code:</p><p><b>482</b>&nbsp;<b>913</b></p><p>&copy; 2026 Acme, 94104</p>",
    "482913",
  ),
  html(
    "html: a hidden preview, a colour, a link",
    "Acme",
    '<style>.c482913{color:#482000}</style><div style="display:none">Your code is 482913</div><h1 style="color:#123456">482913</h1><p>Your verification code</p><a href="https://x.test/c/771203">Verify</a>',
    "482913",
  ),
  html(
    "html: a heading",
    "Sign in to Acme",
    "<p>Use this code to finish signing in</p><h2>H7K2P9</h2><p>It expires in 10 minutes. Ticket 55019.</p>",
    "H7K2P9",
  ),
  html("html: split by a thin space", "Your code", "<p>Your code: 482&#8201;913</p>", "482913"),
  html(
    "html: ideographic label in a cell",
    "登录",
    "<table><tr><td>验证码</td><td>482913</td></tr><tr><td>订单号</td><td>55019283</td></tr></table>",
    "482913",
  ),
  html(
    "html: rows of a table",
    "Sign in",
    "<table><tr><th>Code</th><td>482913</td></tr><tr><th>Order</th><td>55019283</td></tr><tr><th>Date</th><td>2026-11-28</td></tr></table>",
    "482913",
  ),
];
