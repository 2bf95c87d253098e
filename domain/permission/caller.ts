import type { CommandType } from '../core/commands/command.ts'
import type { Absent, Caller } from '../core/input.ts'
import { allowedRows, type Matrix, proposableRows } from './permission.ts'

/** Someone who has been authenticated. */
export interface Identity {
  readonly actor: string
  readonly roles: readonly string[]
  readonly organisation: string
  /** Those who are not there today and in whose place they act. */
  readonly standsInFor?: readonly Pick<Absent, 'id' | 'because' | 'roles'>[]
  /** A backend, not a person. */
  readonly service?: true
  /** Those of the organisation who work there no more. */
  readonly left?: readonly string[]
}

/** The caller of a command, with today's rows of the matrix for it. */
export function callerOf(matrix: Matrix, identity: Identity, command: CommandType): Caller {
  const { actor, roles, organisation, service, left = [], standsInFor = [] } = identity
  return {
    actor,
    roles,
    organisation,
    ...(service && { service }),
    matrixVersion: `${matrix.matrix}/${matrix.version}`,
    allowed: allowedRows(matrix, command, roles),
    ...((command === 'confirm' || command === 'decline') && { proposable: proposableRows(matrix) }),
    ...(command === 'confirm' && left.length > 0 && { left }),
    ...(standsInFor.length > 0 && {
      standsInFor: standsInFor.map(absent => allowedInPlaceOf(matrix, absent, command, roles)),
    }),
  }
}

function allowedInPlaceOf(
  matrix: Matrix,
  { id, because, roles }: Pick<Absent, 'id' | 'because' | 'roles'>,
  command: CommandType,
  own: readonly string[],
): Absent {
  const both = [...new Set([...own, ...roles])]
  return { id, because, roles: both, allowed: allowedRows(matrix, command, both) }
}
