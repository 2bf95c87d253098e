import { z } from 'zod'

export const idempotencies = ['key', 'lookup', 'none'] as const
/** Whether calling again under the same key is safe (`key`), can be asked about first (`lookup`), or neither. */
export type Idempotency = (typeof idempotencies)[number]

/** Only what is needed here: `connectors/` has the whole schema, and refuses what is wrong. */
const operation = z.object({ idempotency: z.enum(idempotencies).catch('none') }).catch({ idempotency: 'none' })
const connector = z.object({ operations: z.record(z.string(), operation) }).catch({ operations: {} })
const offered = z.object({ connectors: z.record(z.string(), connector) })

/** The operations that `connectors.yaml` offers; none if it does not look like one. */
export function offeredOperations(connectors: unknown): Record<string, Idempotency> {
  const read = offered.safeParse(connectors)
  if (!read.success) return {}
  const operations = Object.values(read.data.connectors).flatMap(connector => Object.entries(connector.operations))
  return Object.fromEntries(operations.map(([name, { idempotency }]) => [name, idempotency]))
}
