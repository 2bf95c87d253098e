import type { BulkOutcome } from '../../domain/bulk/bulk.ts'
import type { BulkCount, BulkOrderRow } from '../../store/bulk-orders.ts'
import type { BulkRow } from '../../store/bulks.ts'
import type { BulkBody, BulkResultBody, ListedBulkBody } from '../schemas/bulk-schemas.ts'

export function listedBulk(row: BulkRow): ListedBulkBody {
  const { id, state, dryRun, command, filter, perSecond, actor, createdAt, cancelledBy, finishedAt, size } = row
  return {
    id,
    state,
    dryRun,
    command,
    selectedBy: filter,
    perSecond,
    by: actor,
    startedAt: createdAt,
    cancelledBy,
    finishedAt,
    total: size,
  }
}

export function bulkBody(row: BulkRow, counted: readonly BulkCount[]): BulkBody {
  const { total, ...listed } = listedBulk(row)
  const of = (outcome: BulkOutcome | null) =>
    counted.reduce((sum, one) => sum + (one.outcome === outcome ? one.count : 0), 0)
  const refused = counted.filter(({ outcome }) => outcome === 'refused')
  return {
    ...listed,
    counts: {
      total,
      left: of(null),
      done: of('done'),
      proposed: of('proposed'),
      wouldBeDone: of('would_be_done'),
      wouldBeProposed: of('would_be_proposed'),
      refused: of('refused'),
      notFound: of('not_found'),
      failed: of('failed'),
      cancelled: of('cancelled'),
    },
    refusedBy: Object.fromEntries(refused.map(({ code, count }) => [code ?? 'unknown', count])),
  }
}

export function bulkResult({ orderNo, outcome, result, at }: BulkOrderRow): BulkResultBody {
  return { orderNo, outcome: outcome ?? 'left', ...result, at }
}
