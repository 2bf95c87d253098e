import type { ExceptionOutcome } from '../domain/exception/kind.ts'
import { judgeLife, type LifeCommand } from '../domain/exception/life.ts'
import type { Db } from './database.ts'
import { writeHistory } from './exception-history.ts'
import { changeException, lockException, newClimb, ofException, type StoredException } from './exceptions.ts'

/** What a person (or the sweep) says of an exception. */
export interface Said {
  readonly by: string
  readonly at: string
  readonly note: string | null
}

/** `unchanged`: it was so already. Refused: what may not follow, and why. */
export type LifeChange =
  | { readonly ok: true; readonly unchanged: boolean; readonly exception: StoredException }
  | { readonly ok: false; readonly why: string }

/** Null: there is no such exception. */
export interface ExceptionLifeStore {
  acknowledgeException(organisation: string, id: string, said: Said): Promise<LifeChange | null>
  resolveException(
    organisation: string,
    id: string,
    said: Said & { readonly outcome: ExceptionOutcome },
  ): Promise<LifeChange | null>
  reopenException(organisation: string, id: string, said: Said): Promise<LifeChange | null>
}

export function exceptionLifeStore(db: Db): ExceptionLifeStore {
  async function change(
    organisation: string,
    id: string,
    command: LifeCommand,
    { by, at, note }: Said,
  ): Promise<LifeChange | null> {
    // The order of an exception never changes, so it may be read before the transaction.
    const known = await db
      .selectFrom('exceptions')
      .select('orderNo')
      .where(ofException(organisation, id))
      .executeTakeFirst()
    if (known === undefined) return null
    return changeException(db, organisation, known.orderNo, async tx => {
      const stored = await lockException(tx, organisation, id)
      if (stored === null) return null
      const verdict = judgeLife(stored, command)
      if (!verdict.ok) return verdict
      if (verdict.unchanged) return { ok: true, unchanged: true, exception: stored }
      const exception = await tx
        .updateTable('exceptions')
        .set({ ...valuesOf(command, by, at, note), ...newClimb(at) })
        .where(ofException(organisation, id))
        .returningAll()
        .executeTakeFirstOrThrow()
      await writeHistory(tx, organisation, id, { at, actor: by, note, ...entryOf(command) })
      return { ok: true, unchanged: false, exception }
    })
  }

  return {
    acknowledgeException: (organisation, id, said) => change(organisation, id, { type: 'acknowledge' }, said),
    resolveException: (organisation, id, { outcome, ...said }) =>
      change(organisation, id, { type: 'resolve', outcome }, said),
    reopenException: (organisation, id, said) => change(organisation, id, { type: 'reopen' }, said),
  }
}

function valuesOf(command: LifeCommand, by: string, at: string, note: string | null) {
  switch (command.type) {
    case 'acknowledge':
      return { status: 'acknowledged', acknowledgedBy: by, acknowledgedAt: at } as const
    case 'resolve':
      return { status: 'resolved', outcome: command.outcome, note, resolvedAt: at, resolvedBy: by } as const
    case 'reopen':
      return {
        ...({ status: 'open', outcome: null, note: null, resolvedAt: null, resolvedBy: null } as const),
        ...{ acknowledgedBy: null, acknowledgedAt: null },
      }
    default:
      return command satisfies never
  }
}

function entryOf(command: LifeCommand) {
  switch (command.type) {
    case 'acknowledge':
      return { type: 'acknowledged' } as const
    case 'resolve':
      return { type: 'resolved', data: { outcome: command.outcome } } as const
    case 'reopen':
      return { type: 'reopened' } as const
    default:
      return command satisfies never
  }
}
