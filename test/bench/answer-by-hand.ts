import { join } from 'node:path'
import { sql } from 'kysely'
import type { Reading } from '../../bench/scale/readings.ts'
import { loadProcesses } from '../../config/processes.ts'
import type { Db } from '../../store/database.ts'
import type { StoredException } from '../../store/exceptions.ts'
import type { OrderRow } from '../../store/orders.ts'
import type { StoredTask } from '../../store/tasks.ts'

/** All rows of what is asked about. */
export interface Everything {
  readonly orders: readonly OrderRow[]
  readonly tasks: readonly StoredTask[]
  readonly exceptions: readonly StoredException[]
}

const { people } = loadProcesses(join(import.meta.dirname, '../../processes')).directory

export async function everything(db: Db): Promise<Everything> {
  const [orders, tasks, exceptions] = await Promise.all([
    sql<OrderRow>`select * from orders`.execute(db),
    sql<StoredTask>`select * from tasks`.execute(db),
    sql<StoredException>`select * from exceptions`.execute(db),
  ])
  return { orders: orders.rows, tasks: tasks.rows, exceptions: exceptions.rows }
}

/** What an answer says, in short, and what it has to say: found by going through everything, with no index and no SQL. */
export function answerByHand(
  all: Everything,
  { as, path }: Reading,
  index: number,
  now: string,
  // biome-ignore lint/suspicious/noExplicitAny: it is compared, and fails where something is not there
  answer: any,
): { given: readonly unknown[]; expected: readonly unknown[] } {
  const url = new URL(path(index), 'http://localhost')
  const query = url.searchParams
  const limit = Number(query.get('limit') ?? 50)
  const inMain = <T extends { readonly organisation: string }>(rows: readonly T[]) =>
    rows.filter(({ organisation }) => organisation === 'main')
  switch (url.pathname) {
    case '/api/orders': {
      const found = inMain(all.orders)
        .filter(order => isListed(order, query, now))
        .sort(newest)
      return { given: answer.items.map(orderNo), expected: found.slice(0, limit).map(orderNo) }
    }
    case '/api/tasks': {
      const roles = people.find(({ id }) => id === as)!.roles
      const found = inMain(all.tasks)
        .filter(({ owner }) => owner === as || roles.some(role => owner === `role:${role}`))
        .sort((a, b) => compare(dueFirst(a), dueFirst(b)))
      return { given: answer.items.map(subject), expected: found.slice(0, limit).map(subject) }
    }
    case '/api/exceptions': {
      const names = ['status', 'kind', 'owner', 'orderNo'] as const
      const found = inMain(all.exceptions).filter(exception =>
        names.every(name => !query.has(name) || exception[name] === query.get(name)),
      )
      const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
      return { given: ids(answer.items), expected: ids(found.sort(byOpened).slice(0, limit)) }
    }
    case '/api/board':
      return { given: boardLines(answer), expected: boardByHand(inMain(all.orders), now) }
    default: {
      const [, , , number, part] = url.pathname.split('/')
      const order = inMain(all.orders).find(row => row.orderNo === number)!
      if (part === 'journal') return { given: [answer.items.length], expected: [order.seq] }
      if (part === 'why') return { given: [answer.text.length > 20], expected: [true] }
      return { given: [answer.orderNo, answer.status, answer.seq], expected: [number, order.status, order.seq] }
    }
  }
}

function isListed(order: OrderRow, query: URLSearchParams, now: string): boolean {
  const open = order.closedAt === null
  const late = open && order.dueAt !== null && order.dueAt < now
  const fits: Record<string, (value: string) => boolean> = {
    limit: () => true,
    status: value => order.status === value,
    step: value => open && order.steps.includes(value),
    owner: value => open && order.owners.includes(value),
    overdue: value => late === (value === 'true'),
    provisional: value => JSON.stringify(order.view).includes('"provisional":true') === (value === 'true'),
    process: value => order.processId === value,
    customer: value => order.customerId === value,
    sku: value => order.skus.includes(value),
    since: value => order.createdAt >= value,
    until: value => order.createdAt < value,
    cursor: value => {
      const [createdAt, number] = JSON.parse(Buffer.from(value, 'base64url').toString())
      return order.createdAt < createdAt || (order.createdAt === createdAt && order.orderNo > number)
    },
  }
  return [...query].every(([name, value]) => fits[name]!(value))
}

function boardByHand(orders: readonly OrderRow[], now: string): string[] {
  const open = orders.filter(({ closedAt }) => closedAt === null)
  const isLate = ({ closedAt, dueAt }: OrderRow) => closedAt === null && dueAt !== null && dueAt < now
  const lines = (of: string, rows: readonly OrderRow[], namesOf: (order: OrderRow) => readonly string[]) => {
    const names = [...new Set(rows.flatMap(namesOf))].sort()
    return names.map(name => {
      const named = rows.filter(order => namesOf(order).includes(name))
      const oldest = named.filter(({ closedAt }) => closedAt === null).sort((a, b) => -newest(a, b))
      const first = oldest.filter(({ createdAt }) => createdAt === oldest[0]?.createdAt).map(orderNo)
      return `${of} ${name}: ${named.length}, ${named.filter(isLate).length} late, oldest ${first.sort()[0]}`
    })
  }
  return [
    `${open.length} open, ${open.filter(isLate).length} late`,
    ...lines('status', orders, ({ status }) => [status]),
    ...lines('step', open, ({ steps }) => steps),
    ...lines('owner', open, ({ owners }) => owners),
  ]
}

interface Counted {
  readonly count: number
  readonly overdue: number
  readonly oldest: { readonly orderNo: string } | null
}

function boardLines(board: {
  readonly open: number
  readonly overdue: number
  readonly byStatus: readonly (Counted & { readonly status: string })[]
  readonly byStep: readonly (Counted & { readonly step: string })[]
  readonly byOwner: readonly (Counted & { readonly owner: string })[]
}): string[] {
  const line = (of: string, name: string, { count, overdue, oldest }: Counted) =>
    `${of} ${name}: ${count}, ${overdue} late, oldest ${oldest?.orderNo}`
  return [
    `${board.open} open, ${board.overdue} late`,
    ...board.byStatus.map(row => line('status', row.status, row)),
    ...board.byStep.map(row => line('step', row.step, row)),
    ...board.byOwner.map(row => line('owner', row.owner, row)),
  ]
}

const orderNo = (row: { readonly orderNo: string }) => row.orderNo
const subject = (row: StoredTask) => `${row.orderNo} ${row.subject}`
const dueFirst = ({ dueAt, orderNo, subject }: StoredTask) => [dueAt ?? '9999', orderNo, subject]

function newest(a: OrderRow, b: OrderRow): number {
  return compare([b.createdAt], [a.createdAt]) || compare([a.orderNo], [b.orderNo])
}

function byOpened(a: StoredException, b: StoredException): number {
  return compare([b.openedAt], [a.openedAt]) || compare([a.id], [b.id])
}

function compare(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((text, place) => text !== b[place])
  return index < 0 ? 0 : a[index]! < b[index]! ? -1 : 1
}
