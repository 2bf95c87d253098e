import { z } from 'zod'
import { commandTypes } from '../core/command.ts'
import { identifier } from '../definition/definition-schema.ts'
import { type ExpressionContext, evaluate } from '../expression/expression.ts'
import { type Status, statuses } from '../status.ts'

/** Beside the commands: placing orders and reporting facts, which have no order, or no status, to be judged by. */
export const permissionNames = [...commandTypes, 'place', 'report'] as const
export type PermissionName = (typeof permissionNames)[number]

const row = z.strictObject({
  roles: z.array(identifier).min(1),
  statuses: z.union([z.literal('open'), z.array(z.enum(statuses as [Status, ...Status[]])).min(1)]).default('open'),
  when: z.string().min(1).max(1000).optional().describe('CEL over order, actor, step and placedBy'),
})

/** Status x command x role: who may do what in which status, and under which condition. */
export const matrixSchema = z.strictObject({
  matrix: identifier,
  version: z.int().positive(),
  commands: z.partialRecord(z.enum(permissionNames), z.array(row)),
})

export type Matrix = z.infer<typeof matrixSchema>

/** A caller's row of the matrix for one command: travels with the command, judged when it is executed. */
export interface AllowedRow {
  readonly statuses: 'open' | readonly Status[]
  readonly when?: string
}

/** The rows of the matrix that give these roles the command. */
export function allowedRows(matrix: Matrix, name: PermissionName, roles: readonly string[]): AllowedRow[] {
  return (matrix.commands[name] ?? [])
    .filter(candidate => candidate.roles.some(role => roles.includes(role)))
    .map(({ statuses, when }) => ({ statuses, ...(when === undefined ? {} : { when }) }))
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
