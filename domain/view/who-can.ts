import type { OrderState } from '../core/state.ts'
import type { CompiledDefinition } from '../definition/compiled-definition.ts'
import type { Identity } from '../permission/caller.ts'
import type { Matrix } from '../permission/permission.ts'
import { type AvailableCommand, availableCommands } from './available-commands.ts'

export interface PersonRoles {
  readonly id: string
  readonly roles: readonly string[]
  readonly standsInFor?: Identity['standsInFor']
}

/** A command that would be done now, and by whom: roles, and persons who may although none of their roles may. */
export interface WhoCan extends AvailableCommand {
  readonly by: readonly string[]
}

/** Every role of the matrix is tried by itself, and then the persons that the order names. */
export function whoCan(
  definition: CompiledDefinition,
  state: OrderState,
  options: { readonly matrix: Matrix; readonly at: string; readonly people: readonly PersonRoles[] },
): WhoCan[] {
  const { matrix, at } = options
  const found = new Map<string, { command: AvailableCommand; by: string[] }>()
  const tryAs = (who: string, identity: Omit<Identity, 'organisation'>) => {
    const asker = { ...identity, organisation: state.order.organisation }
    for (const command of availableCommands(definition, state, { matrix, identity: asker, at })) {
      const id = JSON.stringify(command)
      const known = found.get(id) ?? { command, by: [] }
      found.set(id, known)
      if (!identity.roles.some(role => known.by.includes(`role:${role}`))) known.by.push(who)
    }
  }
  for (const role of rolesOf(matrix)) tryAs(`role:${role}`, { actor: '', roles: [role] })
  for (const { id, roles, standsInFor } of options.people) {
    tryAs(id, { actor: id, roles, ...(standsInFor && { standsInFor }) })
  }
  return [...found.values()].map(({ command, by }) => ({ ...command, by }))
}

function rolesOf(matrix: Matrix): string[] {
  const rows = Object.values(matrix.commands).flatMap(rows => rows ?? [])
  return [...new Set(rows.flatMap(({ roles }) => roles))]
}
