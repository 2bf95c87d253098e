// Judged inside a workflow: no schema library may enter this file.
import { type ExpressionContext, evaluate } from '../expression/expression.ts'
import type { Status } from '../status.ts'

/** A second person (or several, one after the other) must agree, or it lapses. */
export interface Confirmation {
  readonly roles: readonly string[]
  readonly within: string
  readonly levels: number
}

/** A row with those it is for: what is proposed is judged again by it. */
export interface FullRow extends AllowedRow {
  readonly roles: readonly string[]
}

/** A caller's row of the matrix for one command: travels with the command, judged when it is executed. */
export interface AllowedRow {
  readonly statuses: 'open' | readonly Status[]
  readonly when?: string
  readonly confirm?: Confirmation
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

export type Verdict =
  | { readonly ok: true; readonly confirm?: Confirmation }
  | { readonly ok: false; readonly why: string }

/** Whether one of the rows allows it now. A condition that cannot be evaluated allows nothing. */
export function permits(rows: readonly AllowedRow[], status: Status, context: ExpressionContext): Verdict {
  if (rows.length === 0) return { ok: false, why: 'none of your roles may do this' }
  const inStatus = rows.filter(({ statuses }) => statuses === 'open' || statuses.includes(status))
  if (inStatus.length === 0) return { ok: false, why: `your roles may not do this while the order is ${status}` }
  let confirm: Confirmation | undefined
  for (const row of inStatus) {
    const result = row.when === undefined ? undefined : evaluate(row.when, context)
    if (result !== undefined && !(result.ok && result.value)) continue
    // A right of one's own goes before one that needs another person.
    if (row.confirm === undefined) return { ok: true }
    confirm ??= row.confirm
  }
  if (confirm !== undefined) return { ok: true, confirm }
  return { ok: false, why: `only if ${inStatus.map(({ when }) => when).join(' or ')}` }
}
