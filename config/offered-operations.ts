import { z } from 'zod'
import type { Idempotency } from '../domain/definition/compiled-definition.ts'

const idempotencies = ['key', 'lookup', 'none'] as const satisfies readonly Idempotency[]

/** Only what is needed here: `connectors/` has the whole schema, and refuses what is wrong. */
const operation = z.object({ idempotency: z.enum(idempotencies).catch('none') }).catch({ idempotency: 'none' })
const connector = z.object({ operations: z.record(z.string(), operation) }).catch({ operations: {} })
const offered = z.object({ connectors: z.record(z.string(), connector) })

/** The operations that `connectors.yaml` offers, and whether calling each again is safe; none if it does not look like one. */
export function offeredOperations(connectors: unknown): Record<string, Idempotency> {
  const read = offered.safeParse(connectors)
  if (!read.success) return {}
  const operations = Object.values(read.data.connectors).flatMap(connector => Object.entries(connector.operations))
  return Object.fromEntries(operations.map(([name, { idempotency }]) => [name, idempotency]))
}
