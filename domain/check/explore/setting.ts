import { commandTypes } from '../../core/commands/command.ts'
import type { Notice } from '../../core/state.ts'
import type { CompiledDefinition } from '../../definition/compiled-definition.ts'
import type { Directory } from '../../directory.ts'
import type { Matrix } from '../../permission/permission.ts'
import { statuses } from '../../status.ts'
import type { WorstCases } from './cost.ts'
import { exploredOrder } from './explored-order.ts'
import { Permissions } from './permissions.ts'
import { Reach } from './reach.ts'
import { ConditionedOrders, symbolicConditions } from './symbolic-conditions.ts'
import { Waits } from './waits.ts'

/** What an exploration is about, and what it looks up again and again. */
export interface Setting {
  /** The definition with its entry conditions replaced by choices. */
  readonly definition: CompiledDefinition
  readonly orders: ConditionedOrders
  readonly reach: Reach
  readonly permissions: Permissions
  readonly waits: Waits
  /** Owners of a step (`''`: of the order's reviews) who can be told, and may act, alike have the same one; usually ''. */
  readonly ownerClass: (step: string, owner: string) => string
  /** Whether it matters how such a notice is answered; `differ` finds out, once for each sort. */
  readonly branching: (notice: Notice, differ: () => boolean) => boolean
}

/**
 * The one instant at which everything happens in an exploration: which deadline comes next is chosen, not computed.
 * It lies within the years that calendars are compiled for.
 */
export const exploredAt = '2025-01-06T02:00:00.000Z'

export function settingFor(
  definition: CompiledDefinition,
  matrix: Matrix,
  { directory, organisation, worst }: { directory: Directory; organisation: string; worst: WorstCases },
): Setting {
  const order = exploredOrder(definition.flow, directory, organisation)
  const reach = new Reach(directory, organisation, definition.owner)
  const permissions = new Permissions(matrix, directory, order)
  return {
    definition: symbolicConditions(definition),
    orders: new ConditionedOrders(definition, order),
    reach,
    permissions,
    waits: new Waits(definition, worst),
    ownerClass: ownerClasses(definition, reach, permissions),
    branching: branchingNotices(),
  }
}

function ownerClasses(definition: CompiledDefinition, reach: Reach, permissions: Permissions): Setting['ownerClass'] {
  const known = new Map<string, string>()
  const describe = (step: string, owner: string): string => {
    const told = [reach.isTold(owner, owner), reach.isTold('manager', owner)]
    const may = commandTypes.flatMap(type =>
      statuses.map(status => {
        const { caller, always } = permissions.whoMay(type, { status, step, owners: [owner] })
        return caller === undefined ? 0 : always ? 2 : 1
      }),
    )
    return [...told, ...may].join('')
  }
  const usual = new Map(definition.steps.map(step => [step.id, describe(step.id, step.owner)]))
  usual.set('', describe('', definition.review.owner))
  return (step, owner) => {
    const key = `${step} ${owner}`
    let ownerClass = known.get(key)
    if (ownerClass === undefined) {
      ownerClass = describe(step, owner) === usual.get(step) ? '' : `@${owner}`
      known.set(key, ownerClass)
    }
    return ownerClass
  }
}

function branchingNotices(): Setting['branching'] {
  const known = new Map<string, boolean>()
  return (notice, differ) => {
    const sort = `${notice.about} ${notice.subject.split(':')[0]}`
    let branching = known.get(sort)
    if (branching === undefined) {
      branching = differ()
      known.set(sort, branching)
    }
    return branching
  }
}
