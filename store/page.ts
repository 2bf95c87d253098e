import { CursorInvalid } from './store-error.ts'

/** `nextCursor` is null on the last page. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string
}

type CursorKey = readonly (string | null)[]
type CursorPart = 'time' | 'time or null' | 'text'

/** `rows` holds one more than `limit` if there is a next page. */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => CursorKey): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items, nextCursor: more ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null }
}

/** @throws CursorInvalid */
export function readCursor(cursor: string, parts: readonly CursorPart[]): CursorKey {
  const key = parse(cursor)
  if (!Array.isArray(key) || key.length !== parts.length) throw new CursorInvalid()
  if (!parts.every((part, index) => fits(part, key[index]))) throw new CursorInvalid()
  return key
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw new CursorInvalid()
  }
}

function fits(part: CursorPart, value: unknown): boolean {
  if (value === null) return part === 'time or null'
  if (typeof value !== 'string') return false
  return part === 'text' || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
}
