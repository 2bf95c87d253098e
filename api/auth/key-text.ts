import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/*
 * nolimbo_<64 hexadecimal digits: 256 random bits><8: their CRC-32>. A scanner for secrets finds it, a double click
 * selects it, and a mistyped one is told from one that is not known without asking the store.
 */
const prefix = 'nolimbo_'
const form = /^nolimbo_([0-9a-f]{64})([0-9a-f]{8})$/

export function newKeyText(): string {
  const secret = randomBytes(32).toString('hex')
  return `${prefix}${secret}${checksum(secret)}`
}

export function looksLikeKey(text: string): boolean {
  return text.startsWith(prefix)
}

export function isWholeKey(text: string): boolean {
  const [, secret, given] = form.exec(text) ?? []
  return secret !== undefined && given === checksum(secret)
}

/** Of 256 random bits: nothing slower than SHA-256 would make them harder to guess. */
export function hashOfKey(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function checksum(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0')
}
