/** Field names whose values never reach a log, at any depth. */
const SECRET_FIELDS =
  /^(authorization|cookie|set-cookie|token|access_?token|admin_?token|api_?key|password|secret|sealed\w*|encryption_?keys|text|caption|body|content|conversation|qr|pairing_?code|proxy|creds)$/i;

const TOKEN = /\b(?:sw[ab]_|whsec_)[\w+/=-]{8,}/g;
const BEARER = /\b(bearer\s+)[^\s"',]+/gi;
const URL_PASSWORD = /(\w+:\/\/[^\s:/@]*:)[^\s@/]+@/g;
/** Digits that may be a phone number: with a plus, or as the user part of a JID; free-standing runs of 9 or more. */
const PHONE = /(?<![\w.-])\+?\d{9,15}(?=@|:\d+@|(?![\w.]|-\d))/g;

/** `6281234567890` → `*********7890`; only the last four digits stay. */
export const maskPhone = (phone: string): string =>
  phone.replace(/\d/g, (digit, index: number) => (digitsAfter(phone, index) < 4 ? digit : '*'));

const digitsAfter = (text: string, index: number) => text.slice(index + 1).replace(/\D/g, '').length;

/** Takes tokens, passwords in URLs and phone numbers out of a text. */
export const redactText = (text: string): string =>
  text
    .replace(TOKEN, (token) => `${token.slice(0, token.indexOf('_') + 1)}***`)
    .replace(BEARER, '$1***')
    .replace(URL_PASSWORD, '$1***@')
    .replace(PHONE, maskPhone);

/** A copy of a log record without secrets; bounded in depth and breadth, so that a big object can't flood the log. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value.length > 8192 ? `${value.slice(0, 8192)}…` : value);
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 5) return '[…]';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 100)
      .map(([key, item]) => [key, SECRET_FIELDS.test(key) ? '***' : redact(item, depth + 1)]),
  );
}

function redactError(error: Error, depth: number): unknown {
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(code === undefined ? {} : { code: redact(code, depth + 1) }),
    ...(error.cause === undefined || depth > 3 ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
