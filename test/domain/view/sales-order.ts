/** An order of the sales process as the core moves it, for tests of what is shown of it. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loadProcesses } from '../../../config/processes.ts'
import type { CallResult } from '../../../domain/call.ts'
import type { Command } from '../../../domain/core/commands/command.ts'
import { transition } from '../../../domain/core/decide.ts'
import type { CallKind, Event } from '../../../domain/core/events/event.ts'
import type { Input } from '../../../domain/core/input.ts'
import type { OrderState } from '../../../domain/core/state.ts'
import { orderFrom, orderRequestSchema } from '../../../domain/order/order-request.ts'
import { callerOf } from '../../../domain/permission/caller.ts'

const processes = loadProcesses(join(import.meta.dirname, '../../../processes'))
export const sales = processes.definitions.find(({ compiled }) => compiled.id === 'sales')!.compiled
export const matrix = processes.matrices.standard!

/** A working Monday, 10:00 in China. */
export const monday = '2026-03-02T02:00:00.000Z'

type Untimed<I> = I extends Input ? Omit<I, 'at'> : never

export interface Driven {
  readonly state: () => OrderState
  readonly events: Event[]
  readonly take: (input: Untimed<Input>, at?: string) => void
  readonly succeed: (step: string, result?: CallResult, kind?: CallKind) => void
  readonly fail: (step: string, certainty?: 'not_done' | 'unknown', kind?: CallKind) => void
  readonly command: (who: string, command: Command, at?: string) => void
  readonly fact: (type: string, more?: object) => void
  /** Answers every notice that is open. */
  readonly told: () => void
}

/** An order of 2 chairs and 1 table: 2 x 100.00 + 1 x `tablePrice`. */
export function salesOrder(tablePrice = '50.00', changes: object = {}): Driven {
  const request = orderRequestSchema.parse({
    orderNo: 'SO-1',
    customer: { id: 'c1', name: 'Li' },
    currency: 'CNY',
    lines: [
      { sku: 'chair', quantity: 2, unitPrice: '100.00' },
      { sku: 'table', quantity: 1, unitPrice: tablePrice },
    ],
    ...changes,
  })
  const order = orderFrom(request, { organisation: 'main', placedBy: 'shop' })
  const events: Event[] = []
  let state: OrderState | null = null
  let facts = 0
  const take: Driven['take'] = (input, at = monday) => {
    const decision = transition(sales, state, { ...input, at } as Input)
    assert.ok(decision.ok, decision.ok ? '' : decision.message)
    events.push(...decision.events)
    state = decision.state
  }
  take({ type: 'start', order })
  const result = (step: string, kind: CallKind) => ({ step, kind, round: state!.steps[step]!.round })
  return {
    state: () => state!,
    events,
    take,
    succeed: (step, answer = {}, kind = 'do') =>
      take({ type: 'result', call: result(step, kind), outcome: { ok: true, result: answer } }),
    fail: (step, certainty = 'not_done', kind = 'do') =>
      take({
        type: 'result',
        call: result(step, kind),
        outcome: { ok: false, code: 'declined', message: 'declined', certainty },
      }),
    command: (who, command, at) => {
      const person = processes.directory.people.find(({ id }) => id === who)!
      const identity = { actor: who, roles: person.roles, organisation: 'main' }
      take({ type: 'command', command, caller: callerOf(matrix, identity, command.type) }, at)
    },
    fact: (type, more = {}) => {
      facts += 1
      take({ type: 'fact', fact: { id: `f${facts}`, source: 'carrier', type, claimedAt: monday, ...more } })
    },
    told: () => {
      for (const notice of Object.keys(state!.notices)) {
        take({ type: 'notice', notice, outcome: { ok: true, persons: ['mei'], channel: 'inbox' } })
      }
    },
  }
}
