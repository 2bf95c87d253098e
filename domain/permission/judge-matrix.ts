import type { Person } from '../directory.ts'
import { checkExpression } from '../expression/expression.ts'
import { allowedRows, type Matrix, type MatrixRow } from './permission.ts'

/** What is wrong with a matrix, where, and how to mend it. */
export interface MatrixFlaw {
  readonly code: 'bad_expression' | 'unknown_role' | 'nobody_confirms'
  readonly path: readonly PropertyKey[]
  readonly mend: string
}

/** Conditions that do not type-check: they would allow nothing. */
export function conditionFlaws(matrix: Matrix): MatrixFlaw[] {
  return rowsOf(matrix).flatMap(({ path, row: { when } }) => {
    const checked = when === undefined ? { ok: true as const } : checkExpression(when, 'permission')
    if (checked.ok) return []
    return { code: 'bad_expression', path: [...path, 'when'], mend: `Correct the condition: ${checked.reason}.` }
  })
}

/** Roles that nobody has: misspelt, most likely. */
export function roleFlaws(matrix: Matrix, known: readonly string[]): MatrixFlaw[] {
  const judge = (roles: readonly string[] | undefined, path: readonly PropertyKey[]): MatrixFlaw[] =>
    (roles ?? []).flatMap((role, place) => {
      if (known.includes(role)) return []
      const mend = `Name a role that somebody has instead of "${role}": ${[...known].sort().join(', ')}.`
      return { code: 'unknown_role', path: [...path, place], mend }
    })
  return rowsOf(matrix).flatMap(({ path, row: { roles, confirm } }) => [
    ...judge(roles, [...path, 'roles']),
    ...judge(confirm?.roles, [...path, 'confirm', 'roles']),
  ])
}

/**
 * Commands that another person must confirm, and nobody may, or not enough others than the one who asks.
 * @param people those of the organisation who are there
 */
export function confirmerFlaws(matrix: Matrix, people: readonly Person[]): MatrixFlaw[] {
  const persons = people.filter(({ service }) => service === undefined)
  return rowsOf(matrix).flatMap(({ command, path, row }) => {
    if (row.confirm === undefined) return []
    const { roles = row.roles, levels } = row.confirm
    const confirmers = persons.filter(person => has(person, roles) && mayConfirm(matrix, person, row))
    const others = (asker: Person) => confirmers.filter(({ id }) => id !== asker.id)
    const alone = persons.find(asker => has(asker, row.roles) && others(asker).length < levels)
    if (confirmers.length > 0 && alone === undefined) return []
    const needs = levels === 1 ? 'one other person' : `${levels} other persons`
    const lack =
      alone === undefined || confirmers.length === 0
        ? `nobody who is there has one of the roles ${roles.join(', ')} and may "confirm"`
        : `${others(alone).length === 0 ? 'nobody else' : `only ${others(alone).length} of them`} may when ${alone.id} asks`
    const mend = `Let ${needs} confirm "${command}": ${lack}.`
    return { code: 'nobody_confirms', path: [...path, 'confirm'], mend }
  })
}

function has({ roles }: Person, wanted: readonly string[]): boolean {
  return roles.some(role => wanted.includes(role))
}

/** In one of the statuses at least in which the row's command may be asked for. */
function mayConfirm(matrix: Matrix, { roles }: Person, { statuses }: MatrixRow): boolean {
  return allowedRows(matrix, 'confirm', roles).some(
    row => row.statuses === 'open' || statuses === 'open' || row.statuses.some(status => statuses.includes(status)),
  )
}

function rowsOf({ commands }: Matrix) {
  return Object.entries(commands).flatMap(([command, rows = []]) =>
    rows.map((row, index) => ({ command, path: ['commands', command, index] as readonly PropertyKey[], row })),
  )
}
