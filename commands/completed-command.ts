import type { Calendars } from '../domain/core/clock/ruling-calendars.ts'
import type { AskedCommand, Command, Kin } from '../domain/core/commands/command.ts'
import type { Refusal } from '../domain/core/input.ts'
import type { CompiledDefinition } from '../domain/definition/compiled-definition.ts'
import { partNumber } from '../domain/order/successor.ts'
import type { OrderKey, OrderRow } from '../store/orders.ts'
import type { OrderInput } from '../workflows/messages.ts'
import type { CommandDependencies } from './command-dependencies.ts'

/**
 * A command with what no order can know by itself: which calendars are today's, what a version says, which order numbers are taken.
 * Refused if a calendar is gone, or there is no such version.
 */
export async function completedCommand(
  { store, catalogue }: Pick<CommandDependencies, 'store' | 'catalogue'>,
  { id, calendars }: Pick<CompiledDefinition, 'id' | 'calendars'>,
  key: OrderKey,
  asked: AskedCommand,
): Promise<{ readonly ok: true; readonly command: Command } | Refusal> {
  switch (asked.type) {
    case 'recompute_deadlines': {
      const found = todays(catalogue.calendars, Object.keys(calendars))
      return 'ok' in found ? found : { ok: true, command: { ...asked, calendars: found.calendars } }
    }
    case 'split': {
      const given = asked.parts.flatMap(({ orderNo }) => orderNo ?? [])
      const possible = Array.from(asked.parts, (_, index) => partNumber(key.orderNo, index + 1))
      const taken = await store.takenNumbers(key.organisation, [...given, ...possible])
      return { ok: true, command: { ...asked, taken } }
    }
    case 'migrate': {
      const definition = await catalogue.published(key.organisation, id, asked.version)
      if (definition !== undefined) return { ok: true, command: { ...asked, definition } }
      const message = `the process "${id}" has no published version ${asked.version}`
      return { ok: false, code: 'invalid', message, field: 'version' }
    }
    case 'merge': {
      const { organisation, orderNo } = key
      const possible = Array.from({ length: mostTried }, (_, index) => partNumber(orderNo, index + 1))
      const rows = await Promise.all(asked.orders.map(other => store.getOrder(organisation, other)))
      const taken = await store.takenNumbers(organisation, [...(asked.orderNo ? [asked.orderNo] : []), ...possible])
      return {
        ok: true,
        command: { ...asked, taken, known: rows.flatMap(row => (row === null ? [] : kinOf(row))) },
      }
    }
    default:
      return { ok: true, command: asked }
  }
}

const mostTried = 20

function kinOf({ orderNo, startInput }: OrderRow): Kin {
  const { definition, order } = startInput as OrderInput
  return { orderNo, customerId: order.customer.id, currency: order.currency, process: definition.id }
}

function todays(loaded: Calendars, ids: readonly string[]): { readonly calendars: Calendars } | Refusal {
  const missing = ids.find(id => !Object.hasOwn(loaded, id))
  if (missing === undefined) return { calendars: Object.fromEntries(ids.map(id => [id, loaded[id]!])) }
  const message = `the calendar "${missing}", which the order goes by, is not loaded any more`
  return { ok: false, code: 'not_applicable', message }
}
