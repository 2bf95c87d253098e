import { type RawBuilder, sql } from 'kysely'
import type { Hash } from './journal-chain.ts'

/** A hash on its way into a bytea column. */
export function fromHex(hash: Hash): Buffer {
  return Buffer.from(hash, 'hex')
}

/** A bytea column as text: the two drivers would give two kinds of bytes. */
export function hexOf<T extends string>(column: T): RawBuilder<Hash | null> {
  return sql<Hash | null>`encode(${sql.ref(column)}, 'hex')`
}
