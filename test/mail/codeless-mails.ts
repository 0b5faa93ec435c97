import { type CodeMail, text } from "./code-mails.ts";

/** Mails full of numbers, and none of them is a one-time code. */
export const codelessMails: readonly CodeMail[] = [
  text(
    "en: a receipt",
    "Your receipt from Acme",
    "Receipt #1482-9913\nDate: Nov 28, 2026\nAmount: $482,913.00\nVISA 4242\nConfirmation number 55019283\nQuestions? +1 (415) 555-0137",
  ),
  text(
    "en: a flight",
    "Your trip to Berlin",
    "Booking reference: XK7Q2P\nFlight LH 2034 on 28 NOV 2026, seat 24A, gate B42, terminal 1\nTicket number 220-2345678901\nFare 482913 JPY",
  ),
  text(
    "en: a parcel",
    "Your parcel is on its way",
    "Tracking number: 1Z999AA10123456784\nPostcode SW1A 1AA\nDelivery on 2026-11-28 between 10:00 and 12:00\nParcel 48291377",
  ),
  text(
    "en: an invoice",
    "Invoice INV-20261128",
    "Invoice INV-20261128, PO 4500019283, VAT GB123456789\nSort code 20-00-00, account 55779911\nTotal 1299.00",
  ),
  text(
    "en: a voucher",
    "A gift for you",
    "Gift card code: SAVE2026\nUse coupon code WINTER25 and get 20% off. Offer code 482913.",
  ),
  text(
    "en: a meeting",
    "Invitation: Stand-up",
    "Dial in: +1 646 558 8656\nMeeting ID: 883 1922 0143\n28 November 2026, 10:00",
  ),
  text(
    "en: a build",
    "[acme/app] Run failed",
    "Run #482913 failed at commit 4f2a1b3\nError code 10054, exit code 12345, HTTP status code 50312\nline 48291",
  ),
  text(
    "en: a password reset by link",
    "Reset your password",
    "Open https://x.test/reset/482913?token=ab12cd34 to verify that it is you. The link expires in 1440 minutes.\nAcme Inc., 548 Market St 57274, San Francisco, CA 94104",
  ),
  text(
    "en: a sign-in notice",
    "New sign-in to your account",
    "New sign-in from 203.0.113.77 on 28 November 2026 at 10:31:05 UTC\nDevice: Firefox 132 on Linux\nAccount 55019283\nCase 48213377",
  ),
  text(
    "en: zip and area codes",
    "Your stores",
    "Find a shop near zip code 94104 or postal code 10115. Area code 41530.",
  ),
  text(
    "en: an order is confirmed",
    "Thank you",
    "Your order confirmation 482913\nPayment confirmation 55019283",
  ),
  text("en: a discount", "Black Friday", "Use code BLACK50 for 50% off. Ends 30.11.2026"),
  text(
    "en: a bank statement",
    "Your statement",
    "Account number: 12345678\nSort code: 12-34-56\nBalance: £482,913.77",
  ),
  text(
    "en: a token of a program",
    "Your API token",
    "Your token is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0",
  ),
  text(
    "de: a bill",
    "Ihre Rechnung",
    "Rechnungsnummer: 55019283\nKundennummer 40118823\nBetrag 1.299,00 EUR\nIBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX\nBLZ 37040044\nUSt-IdNr. DE123456789, HRB 482913, 10115 Berlin",
  ),
  text(
    "de: a parcel",
    "Ihr Paket",
    "Sendungsnummer 00340434161094042557\nLieferung am 28.11.2026\nPLZ 10115",
  ),
  text(
    "fr: an order",
    "Votre commande",
    "Commande n° 55019283 du 28/11/2026\nTotal : 1 299,00 €\nCode postal 75011\nN° de suivi 6A12345678901\nSIRET 482 913 775 00019",
  ),
  text(
    "es: an order",
    "Su pedido",
    "Número de pedido: 55019283\nCódigo postal 28013\nFactura 2026-1128\nImporte 1.299,00 €",
  ),
  text(
    "pt: an order",
    "Seu pedido",
    "Pedido nº 55019283\nCEP 01310-100\nCódigo de rastreio LB482913775BR\nNota fiscal 482913",
  ),
  text(
    "it: an order",
    "Il tuo ordine",
    "Numero d'ordine: 55019283\nCAP 00184 Roma\nCodice fiscale RSSMRA85T10A562S\nCodice sconto ESTATE26\nPartita IVA 01234567890",
  ),
  text(
    "nl: an order",
    "Je bestelling",
    "Bestelnummer 55019283\nPostcode 1012 AB\nKortingscode ZOMER26\nFactuurnummer 20261128",
  ),
  text(
    "pl: an order",
    "Twoje zamówienie",
    "Numer zamówienia: 55019283\nKod pocztowy 00-950\nKod rabatowy ZIMA26\nNIP 123-456-78-90\nFaktura 482913",
  ),
  text(
    "ru: an order",
    "Ваш заказ",
    "Номер заказа: 55019283\nИндекс 101000\nСумма 1 299 ₽\nПромокод ZIMA26\nТелефон 8 800 555-35-35",
  ),
  text(
    "tr: an order",
    "Siparişiniz",
    "Sipariş numarası: 55019283\nPosta kodu 34000\nİndirim kodu YAZ2026\nFatura 482913",
  ),
  text(
    "ja: an order",
    "ご注文の確認",
    "注文番号:55019283\n〒150-0002\n合計 12,990円\n商品コード 482913\n郵便番号 1500002\n電話番号 0312345678\n2026年11月28日",
  ),
  text(
    "zh: an order",
    "订单确认",
    "订单号：55019283\n邮政编码 100000\n金额 1299元\n优惠码 SAVE26\n电话 13800138000\n快递单号 48291377",
  ),
  text(
    "ko: an order",
    "주문 확인",
    "주문번호 55019283\n우편번호 04524\n송장번호 482913775\n쿠폰 코드 SAVE26\n12,990원",
  ),
  text("ar: an order", "طلبك", "رقم الطلب 55019283\nالرمز البريدي 11564\nالمبلغ 1299 ريال"),
];
