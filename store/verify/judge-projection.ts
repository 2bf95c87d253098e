import { isDeepStrictEqual } from 'node:util'
import type { Event } from '../../domain/core/events/event.ts'
import { upcastState } from '../../domain/core/events/upcast.ts'
import type { OrderState } from '../../domain/core/state.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { project } from '../../domain/view/projection.ts'
import type { OrderRow } from '../orders.ts'
import { differingTables, type StoredRows } from './judge-rows.ts'

const compared = ['seq', 'asOf', 'status', 'closedAt', 'dueAt', 'steps', 'owners', 'state'] as const

export type ProjectedRow = Pick<OrderRow, (typeof compared)[number]>

/** Why an order's row (and, if it is given, what stands beside it) is not the fold of its journal; null: it is. */
export function judgeProjection(
  definition: CompiledDefinition,
  row: ProjectedRow,
  events: readonly Event[],
  beside?: StoredRows,
): string | null {
  try {
    const folded = project(definition, null, events)
    const shown = { ...row, state: row.state === null ? null : upcastState(row.state as OrderState) }
    const own = compared.filter(
      name => !isDeepStrictEqual(comparable(name, shown[name]), comparable(name, asStored(folded[name]))),
    )
    const differing = [...own, ...(beside === undefined ? [] : differingTables(beside, folded))]
    return differing.length === 0 ? null : `not what the journal says: ${differing.join(', ')}`
  } catch (error) {
    return `the journal cannot be folded: ${(error as Error).message}`
  }
}

/** The store gives the keys of a state back in another order, and owners are listed in that of its steps. */
function comparable(name: (typeof compared)[number], value: unknown): unknown {
  return name === 'owners' ? [...(value as string[])].sort() : value
}

function asStored(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}
