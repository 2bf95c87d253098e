import canonicalize from 'canonicalize'

/** JSON on its way into a json or jsonb column. Branded, so that no plain text gets there by mistake. */
export type JsonText = string & { readonly json: true }

/**
 * PostgreSQL text cannot hold U+0000, nor half a surrogate pair; losing that one character beats a journal that can
 * never be stored.
 */
export function storableText(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text).toWellFormed()
}

/** `undefined` becomes null; U+0000 and lone surrogates, which jsonb refuses, become U+FFFD. */
export function toJsonText(value: unknown): JsonText {
  const text = JSON.stringify(value ?? null)
  if (!text.includes('\\u')) return text as JsonText
  // Every escape is matched, so that an escaped backslash before "u0000" is not taken for one.
  return text.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, match => (match.length > 2 ? '\ufffd' : match)) as JsonText
}

/** One text for equal values, as they are stored: canonical JSON (RFC 8785). */
export function canonicalJson(value: unknown): string {
  return canonicalize(JSON.parse(toJsonText(value)))!
}
