import type { CommandType } from '../../core/commands/command.ts'
import type { Caller } from '../../core/input.ts'
import type { Directory, Person } from '../../directory.ts'
import type { ExpressionContext } from '../../expression/expression-context.ts'
import type { Order } from '../../order/order.ts'
import { allowedRows, type Matrix } from '../../permission/permission.ts'
import { permits } from '../../permission/permits.ts'
import type { Status } from '../../status.ts'

/** What a command is about, as far as it decides who may give it. */
export interface About {
  readonly status: Status
  /** Empty where it is about no step. */
  readonly step: string
  /** The step's owner, and the owners of its reviews. */
  readonly owners: readonly string[]
  /** Of the release of a hold: the people and roles that its type names. */
  readonly mayRelease?: readonly string[]
}

export interface Permitted {
  /** Somebody who may, at least for some orders. */
  readonly caller?: Caller
  /** Whatever the order contains, somebody may. */
  readonly always: boolean
}

/** Answers, by the permission matrix and the directory, whether anybody may give a command. */
export class Permissions {
  private readonly known = new Map<string, Permitted>()
  private readonly matrix: Matrix
  private readonly people: readonly Person[]
  private readonly contexts: readonly Pick<ExpressionContext, 'order' | 'placedBy'>[]

  constructor(matrix: Matrix, directory: Directory, order: Order) {
    this.matrix = matrix
    this.people = directory.people.filter(person => person.organisation === order.organisation)
    // A cheap order and a dear one: a condition that looks at the total is met by one and not by the other.
    this.contexts = [1, 1_000_000_000_000].map(totalMinor => ({
      order: { ...order, totalMinor, lines: [...order.lines] },
      placedBy: order.placedBy,
    }))
  }

  whoMay(type: CommandType, about: About): Permitted {
    const key = `${type} ${about.status} ${about.step} ${about.owners} ${about.mayRelease ?? ''}`
    let permitted = this.known.get(key)
    if (permitted === undefined) {
      permitted = this.find(type, about)
      this.known.set(key, permitted)
    }
    return permitted
  }

  private find(type: CommandType, { status, step, owners, mayRelease = [] }: About): Permitted {
    let caller: Caller | undefined
    const allowed = this.contexts.map(() => false)
    for (const person of this.people) {
      if (mayRelease.length > 0 && !isAmong(person, mayRelease)) continue
      const rows = allowedRows(this.matrix, type, person.roles)
      const mine = isAmong(person, owners)
      this.contexts.forEach((context, index) => {
        const { id, roles, organisation } = person
        const actor = { id, roles, organisation }
        const verdict = permits(rows, status, { ...context, actor, step: { id: step, owner: owners[0] ?? '', mine } })
        if (!verdict.ok) return
        // Where another person must confirm, nobody can count on it.
        if (verdict.confirm === undefined) allowed[index] = true
        caller ??= callerOf(person, this.matrix)
      })
    }
    return { ...(caller && { caller }), always: allowed.every(Boolean) }
  }
}

function isAmong(person: Person, whom: readonly string[]): boolean {
  return whom.includes(person.id) || person.roles.some(role => whom.includes(`role:${role}`))
}

/** Whether they may has been judged: the core need not judge it again. */
function callerOf(person: Person, matrix: Matrix): Caller {
  return {
    actor: person.id,
    roles: person.roles,
    organisation: person.organisation,
    matrixVersion: `${matrix.version}`,
    allowed: [{ statuses: 'open' }],
  }
}
