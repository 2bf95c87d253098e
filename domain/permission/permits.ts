// Judged inside a workflow: no schema library may enter this file.
import { type ExpressionContext, evaluate } from '../expression/expression.ts'
import type { Status } from '../status.ts'

/** A caller's row of the matrix for one command: travels with the command, judged when it is executed. */
export interface AllowedRow {
  readonly statuses: 'open' | readonly Status[]
  readonly when?: string
}

/** What only a person may say: that somebody has looked and decided. Whatever its roles, a service account may not. */
const personal: readonly string[] = [
  'approve',
  'reject',
  'claim',
  'confirm',
  'decline',
  'skip',
  'void',
  'rollback',
  'override',
]

export function isForPersonsOnly(command: string): boolean {
  return personal.includes(command)
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: string }

/** Whether one of the rows allows it now. A condition that cannot be evaluated allows nothing. */
export function permits(rows: readonly AllowedRow[], status: Status, context: ExpressionContext): Verdict {
  if (rows.length === 0) return { ok: false, why: 'none of your roles may do this' }
  const inStatus = rows.filter(({ statuses }) => statuses === 'open' || statuses.includes(status))
  if (inStatus.length === 0) return { ok: false, why: `your roles may not do this while the order is ${status}` }
  for (const { when } of inStatus) {
    if (when === undefined) return { ok: true }
    const result = evaluate(when, context)
    if (result.ok && result.value) return { ok: true }
  }
  return { ok: false, why: `only if ${inStatus.map(({ when }) => when).join(' or ')}` }
}
