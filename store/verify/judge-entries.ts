import { type ChainedEntry, chainStart, entryHash, type Hash } from '../journal-chain.ts'
import type { OrderKey } from '../orders.ts'
import type { Finding, FindingKind } from './finding.ts'

/** What the order's row says of the end of its journal. */
export interface ExpectedEnd {
  readonly seq: number
  readonly journalHash: Hash | null
}

/** What is wrong with an order's entries, which come by their seqs. */
export function judgeEntries(key: OrderKey, end: ExpectedEnd | null, entries: readonly ChainedEntry[]): Finding[] {
  const findings: Finding[] = []
  const found = (kind: FindingKind, seq: number | null, detail: string) =>
    findings.push({ kind, organisation: key.organisation, orderNo: key.orderNo, seq, detail })
  const missing = (from: number, to: number) => {
    for (let seq = from; seq <= to; seq += 1) found('missing', seq, 'there is no such entry')
  }

  if (end === null) found('missing', null, 'the order itself is gone, and these entries are left of it')
  const broken = entries.filter(entry => entryHash(entry.prev, entry) !== entry.hash)
  let before: ChainedEntry | null = null
  for (const entry of entries) {
    const expectedSeq: number = (before?.seq ?? 0) + 1
    if (entry.seq < expectedSeq) found('inserted', entry.seq, 'there are two entries of this number')
    else if (entry.seq > expectedSeq) missing(expectedSeq, entry.seq - 1)
    else if (!broken.includes(entry) && entry.prev !== (before?.hash ?? chainStart(key))) {
      if (before === null) found('changed', entry.seq, 'it does not begin a journal of this order')
      else if (!broken.includes(before))
        found('changed', before.seq, `entry ${entry.seq} was written after another one`)
    }
    before = entry
  }
  for (const { entry, writtenAs, inserted } of explain(broken, entries)) {
    if (inserted !== null) found('inserted', inserted, 'an entry was put in here, and the later ones moved on')
    if (writtenAs === null) found('changed', entry.seq, 'it is not what was hashed when it was written')
    else found('reordered', entry.seq, `it was written as entry ${writtenAs}`)
  }
  if (end !== null) {
    const lastSeq = before?.seq ?? 0
    missing(lastSeq + 1, end.seq)
    for (const { seq } of entries) if (seq > end.seq) found('inserted', seq, `the order's last entry is ${end.seq}`)
    if (lastSeq === end.seq && (before?.hash ?? null) !== end.journalHash && findings.length === 0) {
      found('changed', lastSeq, 'the order has another hash of its last entry')
    }
  }
  return findings
}

interface Explained {
  readonly entry: ChainedEntry
  /** Where its content fits. */
  readonly writtenAs: number | null
  /** The number of an entry that has taken its place, and is none of those that were moved. */
  readonly inserted: number | null
}

/** Of so many broken entries, what was moved is looked for: each is tried in the place of each. */
const triedAtMost = 200

function explain(broken: readonly ChainedEntry[], entries: readonly ChainedEntry[]): Explained[] {
  const moved = new Map<ChainedEntry, number>()
  if (broken.length <= triedAtMost) {
    for (const entry of broken) {
      const seq = broken.find(place => fits(entry, place))?.seq ?? keptItsHash(entry, broken)
      if (seq !== undefined) moved.set(entry, seq)
    }
  }
  const first = [...moved].sort(([a], [b]) => a.seq - b.seq)[0]
  const inPlace = first && entries.find(({ seq }) => seq === first[1])
  return broken.map(entry => ({
    entry,
    writtenAs: moved.get(entry) ?? null,
    inserted: entry === first?.[0] && inPlace && !moved.has(inPlace) ? inPlace.seq : null,
  }))
}

/** Contents were exchanged: this one is what the hash at that place is of. */
function fits(entry: ChainedEntry, place: ChainedEntry): boolean {
  return entry !== place && entryHash(place.prev, { ...entry, seq: place.seq }) === place.hash
}

/** Numbers were exchanged, or moved on by one. */
function keptItsHash(entry: ChainedEntry, broken: readonly ChainedEntry[]): number | undefined {
  const seqs = new Set([entry.seq - 1, entry.seq + 1, ...broken.map(({ seq }) => seq)])
  return [...seqs].find(seq => seq !== entry.seq && entryHash(entry.prev, { ...entry, seq }) === entry.hash)
}
