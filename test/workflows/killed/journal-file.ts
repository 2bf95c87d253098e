import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { JournalBatch, JournalEvent } from '../../../store/journal.ts'

/* A journal as lines of a file, each a batch as it was brought. Nothing is refused: what is wrong shows when it is read. */

interface Line {
  readonly orderNo: string
  readonly events: readonly JournalEvent[]
}

/** Answers with the seq up to which it is stored. */
export function appendToFile(file: string, { orderNo, events }: JournalBatch): number {
  appendFileSync(file, `${JSON.stringify({ orderNo, events } satisfies Line)}\n`)
  return events.at(-1)?.seq ?? 0
}

/** Every order's events. Fails if two batches disagree about a seq, or if one is missing. */
export function readJournals(file: string): ReadonlyMap<string, readonly JournalEvent[]> {
  const journals = new Map<string, JournalEvent[]>()
  for (const line of linesOf(file)) {
    const journal = journals.get(line.orderNo) ?? []
    journals.set(line.orderNo, journal)
    for (const event of line.events) {
      const known = journal[event.seq - 1]
      assert.ok(event.seq <= journal.length + 1, `${line.orderNo} has no ${journal.length + 1}, but ${event.seq}`)
      if (known === undefined) journal.push(event)
      else assert.deepEqual(event, known, `${line.orderNo} has two different events ${event.seq}`)
    }
  }
  return journals
}

function linesOf(file: string): readonly Line[] {
  if (!existsSync(file)) return []
  // Only the last line may be unfinished, by a kill or because it is just being written.
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line)
}
