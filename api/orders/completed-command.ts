import type { AskedCommand, Command, Kin } from '../../domain/core/command.ts'
import type { Calendars } from '../../domain/core/ruling-calendars.ts'
import type { CompiledDefinition } from '../../domain/definition/compiled-definition.ts'
import { partNumber } from '../../domain/order/successor.ts'
import type { OrderKey, OrderRow } from '../../store/orders.ts'
import type { OrderInput } from '../../workflows/messages.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { invalid, Problem } from '../http/problem.ts'

/**
 * A command with what no order can know by itself: which calendars are today's, what a version says, which order numbers are taken.
 * @throws Problem if a calendar is gone, or there is no such version
 */
export async function completedCommand(
  { processes, store, catalogue }: Pick<ApiDependencies, 'processes' | 'store' | 'catalogue'>,
  { id, calendars }: Pick<CompiledDefinition, 'id' | 'calendars'>,
  key: OrderKey,
  asked: AskedCommand,
): Promise<Command> {
  switch (asked.type) {
    case 'recompute_deadlines':
      return { ...asked, calendars: todays(processes.calendars, Object.keys(calendars)) }
    case 'split': {
      const given = asked.parts.flatMap(({ orderNo }) => orderNo ?? [])
      const possible = Array.from(asked.parts, (_, index) => partNumber(key.orderNo, index + 1))
      return { ...asked, taken: await store.takenNumbers(key.organisation, [...given, ...possible]) }
    }
    case 'migrate': {
      const definition = await catalogue.published(key.organisation, id, asked.version)
      if (definition !== undefined) return { ...asked, definition }
      const message = `the process "${id}" has no published version ${asked.version}`
      throw invalid([{ field: 'version', message }])
    }
    case 'merge': {
      const { organisation, orderNo } = key
      const possible = Array.from({ length: mostTried }, (_, index) => partNumber(orderNo, index + 1))
      const rows = await Promise.all(asked.orders.map(other => store.getOrder(organisation, other)))
      return {
        ...asked,
        taken: await store.takenNumbers(organisation, [...(asked.orderNo ? [asked.orderNo] : []), ...possible]),
        known: rows.flatMap(row => (row === null ? [] : kinOf(row))),
      }
    }
    default:
      return asked
  }
}

const mostTried = 20

function kinOf({ orderNo, startInput }: OrderRow): Kin {
  const { definition, order } = startInput as OrderInput
  return { orderNo, customerId: order.customer.id, currency: order.currency, process: definition.id }
}

function todays(loaded: Calendars, ids: readonly string[]): Calendars {
  const missing = ids.find(id => !Object.hasOwn(loaded, id))
  if (missing === undefined) return Object.fromEntries(ids.map(id => [id, loaded[id]!]))
  throw new Problem('not_applicable', `the calendar "${missing}", which the order goes by, is not loaded any more`)
}
