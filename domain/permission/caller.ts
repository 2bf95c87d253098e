import type { CommandType } from '../core/command.ts'
import type { Caller } from '../core/input.ts'
import { allowedRows, type Matrix } from './permission.ts'

/** Someone who has been authenticated. */
export interface Identity {
  readonly actor: string
  readonly roles: readonly string[]
  readonly organisation: string
}

/** The caller of a command, with today's rows of the matrix for it. */
export function callerOf(matrix: Matrix, identity: Identity, command: CommandType): Caller {
  const { actor, roles, organisation } = identity
  return {
    actor,
    roles,
    organisation,
    matrixVersion: `${matrix.matrix}/${matrix.version}`,
    allowed: allowedRows(matrix, command, roles),
  }
}
