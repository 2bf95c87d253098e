import { isDeepStrictEqual } from 'node:util'
import type { Projection } from '../../domain/view/projection.ts'
import type { ExceptionRow } from '../exceptions.ts'
import type { FactRow } from '../facts.ts'
import type { TaskRow } from '../tasks.ts'

/* What stands beside an order in the tables of tasks, exceptions and facts, against the fold of its journal. */

export interface StoredRows {
  readonly tasks: readonly TaskRow[]
  readonly exceptions: readonly Pick<ExceptionRow, 'id' | 'kind' | 'step' | 'count' | 'openedAt'>[]
  readonly facts: readonly Pick<FactRow, 'source' | 'id' | 'state'>[]
}

export type Folded = Pick<Projection, 'tasks' | 'exceptions' | 'takenFacts' | 'state' | 'closedAt'>

/** The names of the tables that say something else. */
export function differingTables(stored: StoredRows, folded: Folded): string[] {
  return [
    ...(sameTasks(stored, folded) ? [] : ['tasks']),
    ...(sameExceptions(stored, folded) ? [] : ['exceptions']),
    ...(sameFacts(stored, folded) ? [] : ['facts']),
  ]
}

/** Titles and words may change with the code, and are written anew with the next event. */
function sameTasks({ tasks }: StoredRows, folded: Folded): boolean {
  return isDeepStrictEqual(comparable(tasks), comparable(folded.tasks))
}

function comparable(tasks: readonly Omit<TaskRow, 'status' | 'title'>[]) {
  return tasks
    .map(({ subject, kind, step, owner, pool, enteredAt, dueAt }) => [
      subject,
      kind,
      step,
      owner,
      pool,
      enteredAt,
      dueAt,
    ])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1))
}

/**
 * Of those that the order raised: what it was, where, since when and how often. Whether it is open may be for people to
 * say.
 */
function sameExceptions({ exceptions }: StoredRows, { exceptions: expected, state }: Folded): boolean {
  const own = exceptions.filter(({ id }) => /:x\d+$/.test(id) && id.startsWith(`${state.order.orderNo}:x`))
  if (own.length !== expected.length) return false
  return expected.every(({ id, kind, step, count, openedAt }) =>
    own.some(
      other =>
        other.id === id &&
        other.kind === kind &&
        other.step === step &&
        other.count === count &&
        Date.parse(other.openedAt) === Date.parse(openedAt),
    ),
  )
}

/**
 * A fact in the journal waits no more; of a closed order every fact that was taken is in its journal (of an open one it
 * may still be on its way there). Another order may have been told of the same fact first: then the row is that one's.
 */
function sameFacts({ facts }: StoredRows, { takenFacts, closedAt }: Folded): boolean {
  const taken = new Set(takenFacts.map(({ source, id }) => JSON.stringify([source, id])))
  return facts.every(({ source, id, state }) => {
    const isTaken = state === 'taken'
    return taken.has(JSON.stringify([source, id])) ? isTaken : !isTaken || closedAt === null
  })
}
