import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type CommandType, commandTypes } from '../../domain/core/commands/command.ts'
import { closedStatuses, statuses } from '../../domain/status.ts'
import { monday, orderRequest, type Reply, type RunningApi, runApi } from './running-api.ts'

/* The standard matrix, cell by cell, over HTTP, against what its YAML says, read here once more and independently. */

interface Row {
  readonly roles: readonly string[]
  readonly statuses?: readonly string[]
  readonly when?: string
}

const read = (name: string) => parse(readFileSync(join(import.meta.dirname, '../../processes', name), 'utf8'))
const matrix: Record<string, readonly Row[]> = read('permissions/standard.yaml').commands
const people: readonly { id: string; roles: readonly string[]; service?: true }[] = read('people.yaml').people
const releasers: Record<string, { release: readonly string[] }> = read('sales.yaml').holds

/** What no backend says, whatever its roles: that somebody has looked and decided. */
const forPersons = 'approve reject claim confirm decline skip void rollback override'.split(' ')

interface Cell {
  readonly command: string
  readonly status: string
  readonly person: (typeof people)[number]
  /** Of the step that the command names; empty where it is about the whole order. */
  readonly owners: readonly string[]
  readonly placedBy: string
}

const conditions: Readonly<Record<string, (cell: Cell) => boolean>> = {
  'step.mine': ({ owners, person }) => owners.some(owner => person.roles.some(role => owner === `role:${role}`)),
  'actor.id == placedBy': ({ person, placedBy }) => person.id === placedBy,
  // No amend that is tried here costs more than before.
  'lessThan(amended.change, "10000.00 CNY")': () => true,
}

function says(cell: Cell): boolean {
  const { command, status, person } = cell
  if (person.service && forPersons.includes(command)) return false
  const rows = (matrix[command] ?? []).filter(({ roles }) => roles.some(role => person.roles.includes(role)))
  // Of a closed order nothing can be asked: whoever has any row for the command is told that it is closed.
  if ((closedStatuses as readonly string[]).includes(status)) return rows.length > 0
  return rows.some(row => (row.statuses ?? [status]).includes(status) && holds(row.when, cell))
}

function holds(when: string | undefined, cell: Cell): boolean {
  return (when?.split(' && ') ?? []).every(part => {
    const condition = conditions[part]
    assert.ok(condition, `this test does not know what "${part}" means: teach it`)
    return condition(cell)
  })
}

/** Every command as somebody would send it, about one step where it is about a step. */
const commandsAbout = (step: string): Record<CommandType, object> => ({
  approve: { step },
  reject: { step },
  send_back: { step, to: step },
  claim: { step },
  transfer: { step, to: 'ling', reason: 'away' },
  hold: { hold: 'customer' },
  release: { hold: 'credit' },
  retry: { step },
  cancel: {},
  recompute_deadlines: {},
  confirm: { proposal: 'p1' },
  decline: { proposal: 'p1' },
  skip: { step, reason: 'why not' },
  void: { reason: 'never ordered' },
  migrate: { version: 1 },
  amend: { changes: { attributes: { note: 'ring twice' } } },
  rollback: { to: step, reason: 'packed wrongly' },
  split: { parts: [{ lines: [{ line: 1, quantity: 1 }] }, { lines: [{ line: 1, quantity: 1 }] }] },
  merge: { orders: ['M-0'] },
  override: { step, status: 'done', evidence: 'seen', reason: 'seen' },
})

/** Which of them are about the whole order: no step is anybody's then. */
const ofTheOrder =
  'hold release cancel recompute_deadlines confirm decline void migrate amend rollback split merge'.split(' ')

describe('every cell of the standard matrix, over HTTP', () => {
  let api: RunningApi
  before(async () => {
    api = await runApi()
    // For others to merge with.
    await api.post('/api/orders', orderRequest({ orderNo: 'M-0' }), { as: 'sun' })
  })
  after(() => api.close())
  const send = (orderNo: string, command: object, as: string) =>
    api.post(`/api/orders/${orderNo}/commands`, command, { as })
  let placed = 0
  const place = async (total: string, as = 'sun') => {
    placed += 1
    const lines = [{ sku: 'chair', quantity: 2, unitPrice: total }]
    const { status, body } = await api.post('/api/orders', orderRequest({ orderNo: `C-${placed}`, lines }), { as })
    assert.equal(status, 201)
    return body.orderNo as string
  }
  /** A cheap order after these calls. */
  const afterCalls = async (...steps: string[]) => {
    const orderNo = await place('100.00')
    await api.orders.succeed(api.key(orderNo), ...steps)
    return orderNo
  }
  const failedPayment = async () => {
    const orderNo = await afterCalls()
    const outcome = { ok: false, code: 'declined', message: 'declined', certainty: 'not_done' } as const
    await api.orders.take(api.key(orderNo), {
      type: 'result',
      call: { step: 'payment', round: 1, kind: 'do' },
      outcome,
    })
    return orderNo
  }
  const then = async (orderNo: string, command: object, as: string) => {
    assert.equal((await send(orderNo, command, as)).status, 200)
    return orderNo
  }
  const justReceived = async () => {
    api.orders.isLagging = true
    const orderNo = await place('20000.00')
    api.orders.isLagging = false
    api.orders.asReceived(api.key(orderNo))
    return orderNo
  }

  /** How an order comes into each status, and the step that is then asked about. */
  const situations: [status: string, step: string, bring: () => Promise<string>][] = [
    ['received', 'approval', justReceived],
    ['pending_approval', 'approval', () => place('20000.00')],
    ['pending_payment', 'payment', () => afterCalls()],
    ['pending_payment', 'payment', () => place('100.00', 'shop')],
    ['pending_stock', 'stock', () => afterCalls('payment')],
    ['pending_shipment', 'shipment', () => afterCalls('payment', 'stock')],
    ['in_transit', 'signing', () => afterCalls('payment', 'stock', 'shipment', 'capture')],
    ['manual_review', 'payment', failedPayment],
    ['on_hold', 'approval', async () => then(await place('20000.00'), { type: 'hold', hold: 'credit' }, 'he')],
    ['compensating', 'payment', async () => then(await afterCalls('payment', 'stock'), { type: 'cancel' }, 'he')],
    ['cancelled', 'approval', async () => then(await place('20000.00'), { type: 'reject' }, 'mei')],
  ]

  it('[I] brings an order into every status that is not closed, and into one that is', () => {
    const reached = new Set(situations.map(([status]) => status))
    const open = statuses.filter(status => !(closedStatuses as readonly string[]).includes(status))
    assert.deepEqual(
      open.filter(status => !reached.has(status)),
      [],
    )
    assert.ok(reached.has('cancelled'))
  })

  let walked = { allowed: 0, refused: 0 }
  for (const [status, step, bring] of situations) {
    it(`[I] ${status}: each command, asked by each role about "${step}"`, async function () {
      this.timeout(60_000)
      const orderNo = await bring()
      const { body: order } = await api.get(`/api/orders/${orderNo}`)
      assert.equal(order.status, status)
      const owners: string[] = [
        ...order.steps.filter(({ id }: { id: string }) => id === step),
        ...order.reviews.filter((review: { step?: string }) => review.step === step),
      ].map(({ owner }: { owner: string }) => owner)
      const onHold: readonly string[] | undefined =
        status === 'on_hold' ? releasers.credit!.release.map(who => who.replace('role:', '')) : undefined
      for (const type of commandTypes) {
        const about = ofTheOrder.includes(type) ? [] : owners
        const command = { type, ...commandsAbout(step)[type] }
        const answers = await Promise.all(
          people.map(({ id }) => api.post(`/api/orders/${orderNo}/commands?dryRun=true`, command, { as: id })),
        )
        for (const [index, person] of people.entries()) {
          const cell = { command: type, status, person, owners: about, placedBy: order.order.placedBy }
          const may =
            says(cell) &&
            (type !== 'release' || onHold === undefined || person.roles.some(role => onHold.includes(role)))
          judge(answers[index]!, may, `${type} by ${person.id} (${person.roles}) while ${status}`)
        }
      }
      assert.equal((await api.get(`/api/orders/${orderNo}`)).body.seq, order.seq, 'nothing has changed')
    })
  }

  function judge({ status, body }: Reply, may: boolean, what: string): void {
    assert.ok([200, 403, 409].includes(status), `${what}: ${status} ${JSON.stringify(body)}`)
    assert.equal(status !== 403, may, `${what}: the matrix says ${may}, the API ${status} ${body.detail ?? ''}`)
    walked = may ? { ...walked, allowed: walked.allowed + 1 } : { ...walked, refused: walked.refused + 1 }
  }

  it('[I] has walked them all, allowed and refused', () => {
    const { allowed, refused } = walked
    assert.equal(allowed + refused, situations.length * commandTypes.length * people.length)
    assert.ok(allowed > 200 && refused > 200, `${allowed} allowed, ${refused} refused`)
  })

  it('[I] placing orders and reporting facts: each role', async () => {
    const orderNo = await place('100.00')
    for (const person of people) {
      const may = (command: string) => says({ command, status: 'received', person, owners: [], placedBy: person.id })
      const request = orderRequest({ orderNo: `C-by-${person.id}` })
      const placing = await api.post('/api/orders', request, { as: person.id })
      assert.equal(placing.status, may('place') ? 201 : 403, `place by ${person.id}`)
      const fact = { id: `f-${person.id}`, source: 'x', type: 'supplier.delayed', at: monday, data: {} }
      const reporting = await api.post(`/api/orders/${orderNo}/facts`, fact, { as: person.id })
      assert.equal(reporting.status, may('report') ? 202 : 403, `report by ${person.id}`)
    }
  })

  it('[I] exceptions: each role', async () => {
    const orderNo = await failedPayment()
    const { items } = (await api.get('/api/exceptions?limit=200')).body as {
      items: { id: string; orderNo: string; owner: string }[]
    }
    const { id, owner } = items.find(one => one.orderNo === orderNo)!
    for (const person of people) {
      for (const [command, body] of [
        ['acknowledge', {}],
        ['resolve', { outcome: 'fixed', note: 'seen' }],
        ['reopen', { reason: 'again' }],
      ] as const) {
        const may = says({ command, status: 'manual_review', person, owners: [owner], placedBy: 'sun' })
        const { status } = await api.post(`/api/exceptions/${id}/${command}`, body, { as: person.id })
        assert.ok(status < 500 && status !== 422, `${command} by ${person.id}: ${status}`)
        assert.equal(status !== 403, may, `${command} by ${person.id}`)
      }
    }
  })
})
