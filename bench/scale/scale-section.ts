import { quantile, table } from '../page/figures.ts'
import { surroundings } from '../page/surroundings.ts'
import type { Section } from '../page/write-section.ts'
import type { BackgroundTimes } from './background-times.ts'
import type { Filled } from './fill-orders.ts'
import type { Sizes } from './filled-database.ts'
import type { Measured } from './measure.ts'
import type { ReadTimes } from './read-times.ts'
import type { Written } from './writing.ts'

export interface ScaleRun extends Measured {
  readonly filled: Filled
  readonly sizes: Sizes
  readonly requests: number
}

/** What each of the requests may take, at the 95th percentile. */
export const aimMs = 50

export function scaleSection(run: ScaleRun): Section {
  const { filled, sizes, alone, whileWriting, background, writtenAlone, writtenBesideReaders, requests } = run
  const slow = alone.filter(({ ms }) => quantile(ms, 0.95) > aimMs).map(({ name }) => name)
  const text = `${filled.orders} orders of the sales process with all that belongs to them: ${filled.entries} entries of their journals, hashed and sealed, tasks, exceptions, facts and notices; ${filled.open} orders are open, ${filled.overdue} of them late. Eight in ten belong to the organisation that is asked about. On the disk orders have ${gigabytes(sizes.orders)} GB, the journal ${gigabytes(sizes.journal)} GB, its indexes ${gigabytes(sizes.journalIndexes)} GB of that.

The aim is a p95 of at most ${aimMs} ms for each: ${slow.length === 0 ? 'all are within it' : `not reached by ${slow.join('; ')}`}. Milliseconds from the request to the last byte of its answer, over HTTP, one request at a time; the API is a process of its own, with its sweep and its watchdog. Where a list names something that does not occur, nothing is found.

${readTable(alone)}

While eight writers place orders and append to their journals as fast as the store takes it, on the same cores:

${readTable(whileWriting)}

Writing, by the store's own code, three events an append:

${table(
  ['', 'entries a second', 'appends a second', 'orders'],
  [writeRow('alone', writtenAlone), writeRow('beside these readers', writtenBesideReaders)],
)}

What runs by itself, milliseconds in the store:

${table(['', 'p50', 'longest'], background.map(backgroundRow))}

${surroundings({
  server: "Temporal's dev server, for what is asked of it about one order",
  store: 'PostgreSQL, durable, 4 GB of shared buffers',
  extent: `${requests} requests of each kind, after ten that do not count`,
})}`
  return { title: 'Many orders in the store', command: 'npm run scale', text }
}

function readTable(times: readonly ReadTimes[]): string {
  return table(
    ['', 'p50', 'p95', 'p99'],
    times.map(({ name, ms }) => [name, ...[0.5, 0.95, 0.99].map(part => quantile(ms, part).toFixed(1))]),
  )
}

function writeRow(name: string, { orders, appends, entries, seconds }: Written): (string | number)[] {
  return [name, (entries / seconds).toFixed(0), (appends / seconds).toFixed(0), orders]
}

function backgroundRow({ name, ms }: BackgroundTimes): string[] {
  return [name, quantile(ms, 0.5).toFixed(1), Math.max(...ms).toFixed(1)]
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1)
}
