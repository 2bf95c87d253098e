import { entryColumns } from './journal.ts'
import type { ChainedEntry } from './journal-chain.ts'

export interface EntryFormat {
  readonly contentType: string
  readonly header: string
  readonly line: (entry: ChainedEntry) => string
}

const fields = [...entryColumns, 'prev', 'hash'] as const satisfies readonly (keyof ChainedEntry)[]

/** How entries are written for other programs, one a line. */
export const entryFormats = {
  jsonl: {
    contentType: 'application/x-ndjson',
    header: '',
    line: entry => `${JSON.stringify(hashed(entry))}\n`,
  },
  csv: {
    contentType: 'text/csv',
    header: `${fields.join(',')}\r\n`,
    line: entry => `${fields.map(field => cell(entry[field])).join(',')}\r\n`,
  },
} as const satisfies Record<string, EntryFormat>

/** What the hash is over: `matrix` counts only where there is one. */
function hashed(entry: ChainedEntry) {
  const named = fields.filter(field => field !== 'matrix' || entry.matrix !== null)
  return Object.fromEntries(named.map(field => [field, entry[field]]))
}

export type EntryFormatName = keyof typeof entryFormats

/** As RFC 4180 says, and with nothing that a spreadsheet would take for a formula. */
function cell(value: ChainedEntry[keyof ChainedEntry]): string {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

export async function* formatEntries(
  { header, line }: EntryFormat,
  entries: AsyncIterable<ChainedEntry>,
): AsyncGenerator<string> {
  let chunk = header
  for await (const entry of entries) {
    chunk += line(entry)
    if (chunk.length < 65_536) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
