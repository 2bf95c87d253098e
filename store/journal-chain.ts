import { hash as digest } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { JournalEntry } from './journal.ts'
import type { OrderKey } from './orders.ts'

/** SHA-256 in lower-case hexadecimal. */
export type Hash = string

/** What the hash of an entry before it, and its own, bind an entry to. */
export interface ChainedEntry extends JournalEntry {
  readonly prev: Hash
  readonly hash: Hash
}

/** `[orderNo, seq, hash]`: up to where an order's journal had been written. */
export type Head = readonly [orderNo: string, seq: number, hash: Hash]

/** What an order's first entry follows, so that no order's entries pass for another's. */
export function chainStart({ organisation, orderNo }: OrderKey): Hash {
  return sha256('', { organisation, orderNo })
}

/** Of an entry as it is read back from the store. Its own `prev` and `hash`, if it has any, do not count. */
export function entryHash(prev: Hash, entry: JournalEntry): Hash {
  return digest('sha256', prev + entryText(entry), 'hex')
}

/**
 * What is hashed of an entry, after the hash of the one before it: canonical JSON. Its own keys, of which there are
 * always the same, are written out in their order here; that is most of the work where millions are verified.
 */
export function entryText(entry: JournalEntry): string {
  const { organisation, orderNo, seq, at, type, actor, reason, command, matrix, data } = entry
  const text = JSON.stringify
  const first = `{"actor":${text(actor)},"at":${text(at)},"command":${text(command)},"data":${canonicalize(data)}`
  // Entries from before there were versions of matrices keep their hashes.
  const judgedBy = matrix ? `,"matrix":${text(matrix)}` : ''
  const key = `"orderNo":${text(orderNo)},"organisation":${text(organisation)}`
  return `${first}${judgedBy},${key},"reason":${text(reason)},"seq":${seq},"type":${text(type)}}`
}

/** What the first seal of an organisation follows. */
export function ledgerStart(organisation: string): Hash {
  return sha256('', { organisation })
}

export interface SealContent {
  readonly organisation: string
  readonly number: number
  readonly at: string
  readonly heads: readonly Head[]
}

export function sealHash(prev: Hash, { organisation, number, at, heads }: SealContent): Hash {
  return sha256(prev, { organisation, number, at, heads })
}

/** Over the hash before, as text, and canonical JSON (RFC 8785): anybody can compute it again from an export. */
function sha256(prev: Hash | '', content: object): Hash {
  return digest('sha256', prev + canonicalize(content)!, 'hex')
}
