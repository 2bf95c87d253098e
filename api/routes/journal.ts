import { z } from 'zod'
import { type EntryFormatName, entryFormats, formatEntries } from '../../store/entry-formats.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { type Route, route } from '../http/route.ts'
import { journalEventSchema, pageOf } from '../schemas/list-schemas.ts'
import { limitUpTo, seqQuery } from '../schemas/parameter-schemas.ts'
import { ofOne } from './order.ts'

/** Of most orders, all that there are. */
const mostEvents = 1000

const names = Object.keys(entryFormats) as EntryFormatName[]
const streamed = names.map(name => entryFormats[name].contentType)

export function journalRoutes(deps: ApiDependencies): Route[] {
  return [
    route({
      ...ofOne(deps),
      path: '/api/orders/{orderNo}/journal',
      summary: 'Everything that happened to an order, from the beginning',
      query: z.strictObject({
        limit: limitUpTo(mostEvents, mostEvents),
        cursor: seqQuery.optional().describe('nextCursor of the page before'),
        format: z
          .enum(['json', ...names])
          .optional()
          .describe('jsonl or csv (or the header Accept): all entries, with their hashes, in one answer'),
      }),
      answers: { 200: { description: 'A page of events', schema: pageOf(journalEventSchema), alsoAs: streamed } },
      async handle({ found: { organisation, orderNo }, query: { limit, cursor = 0, format }, prefers }) {
        const asked = format ?? nameOf(prefers(['application/json', ...streamed]))
        if (asked === 'json') return { status: 200, body: await page(deps, { organisation, orderNo }, cursor, limit) }
        const entries = deps.store.exportEntries({ organisation, orderNo, afterSeq: cursor })
        const written = entryFormats[asked]
        return {
          status: 200,
          stream: { type: written.contentType, chunks: formatEntries(written, entries) },
          headers: { 'Content-Disposition': `attachment; filename="${orderNo}.${asked}"` },
        }
      },
    }),
  ]
}

function nameOf(contentType: string | undefined): EntryFormatName | 'json' {
  return names.find(name => entryFormats[name].contentType === contentType) ?? 'json'
}

async function page(
  { store }: ApiDependencies,
  { organisation, orderNo }: { readonly organisation: string; readonly orderNo: string },
  afterSeq: number,
  limit: number,
) {
  const events = await store.readJournal(organisation, orderNo, { afterSeq, limit: limit + 1 })
  const items = events.slice(0, limit).map(({ seq, at, type, actor, reason, matrix, data }) => ({
    seq,
    at,
    type,
    actor,
    reason: reason ?? null,
    matrix: matrix ?? null,
    data,
  }))
  const last = items.at(-1)
  const more = events.length > limit && last !== undefined
  return { items, nextCursor: more ? String(last.seq) : null }
}
