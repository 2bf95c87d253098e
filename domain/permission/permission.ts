import { z } from 'zod'
import { commandTypes } from '../core/commands/command.ts'
import { identifier, versionNumber } from '../definition/definition-schema.ts'
import { durationText } from '../duration.ts'
import { type Status, statuses } from '../status.ts'
import type { AllowedRow, FullRow } from './permits.ts'

/** What may be done with exceptions; `step` is then that of the exception, and `step.mine` that one owns it. */
export const exceptionPermissions = ['acknowledge', 'resolve', 'reopen'] as const
export type ExceptionPermission = (typeof exceptionPermissions)[number]

/** Beside the commands: placing orders and reporting facts, which have no order, or no status, to be judged by. */
export const permissionNames = [...commandTypes, 'place', 'report', ...exceptionPermissions] as const
export type PermissionName = (typeof permissionNames)[number]

const row = z.strictObject({
  roles: z.array(identifier).min(1),
  statuses: z.union([z.literal('open'), z.array(z.enum(statuses as [Status, ...Status[]])).min(1)]).default('open'),
  when: z.string().min(1).max(1000).optional().describe('CEL over order, actor, step, placedBy, asked and amended'),
  confirm: z
    .strictObject({
      roles: z.array(identifier).min(1).optional().describe('who may confirm; default: the roles of the row'),
      within: durationText.default('4h'),
      levels: z.int().min(1).max(5).default(1).describe('how many persons must confirm, each another one'),
    })
    .optional()
    .describe('a second person must confirm'),
})

export type MatrixRow = z.infer<typeof row>

/** Status x command x role: who may do what in which status, and under which condition. */
export const matrixSchema = z.strictObject({
  matrix: identifier,
  version: versionNumber,
  commands: z.partialRecord(z.enum(permissionNames), z.array(row)),
})

export type Matrix = z.infer<typeof matrixSchema>

/** The rows of the matrix that give these roles the command. */
export function allowedRows(matrix: Matrix, name: PermissionName, roles: readonly string[]): AllowedRow[] {
  return (matrix.commands[name] ?? [])
    .map(fullRow)
    .filter(candidate => candidate.roles.some(role => roles.includes(role)))
    .map(({ roles: _roles, ...allowed }) => allowed)
}

/** The rows whose commands another person must confirm, by command. */
export function proposableRows(matrix: Matrix): Record<string, FullRow[]> {
  return Object.fromEntries(
    Object.entries(matrix.commands).flatMap(([command, rows = []]) =>
      rows.some(({ confirm }) => confirm !== undefined) ? [[command, rows.map(fullRow)]] : [],
    ),
  )
}

function fullRow({ roles, statuses, when, confirm }: MatrixRow): FullRow {
  return {
    roles,
    statuses,
    ...(when === undefined ? {} : { when }),
    ...(confirm === undefined ? {} : { confirm: { ...confirm, roles: confirm.roles ?? roles } }),
  }
}
