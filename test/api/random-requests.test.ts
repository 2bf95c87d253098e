import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Json } from '../../api/openapi/named-schemas.ts'
import { openApiDocument } from '../../api/openapi/openapi-document.ts'
import { commandTypes } from '../../domain/core/commands/command.ts'
import { standardFacts } from '../../domain/fact.ts'
import { monday, orderRequest, type Reply, type RunningApi, runApi } from './running-api.ts'

const runs = Number(process.env.NOLIMBO_FUZZ_RUNS ?? 150)

interface RandomRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly as: string
  readonly key: string | undefined
  readonly body: string | undefined
}

const orderNo = fc.constantFrom('R-1', 'R-2', 'R-3', 'R-404', '__proto__', 'a%2Fb', '%00', '%F0%9F%92%A9', '...')
const person = fc.constantFrom('shop', 'sun', 'mei', 'ling', 'fang', 'he', 'qin', 'admin', 'nobody')
/** Whatever it is: not everything can become text by itself. */
const inPath = (value: unknown) =>
  encodeURIComponent((typeof value === 'string' ? value : `${JSON.stringify(value)}`).toWellFormed())

const anything = fc.oneof(
  fc.constantFrom<unknown>(null, '', ' ', '\u0000', '\ud800', -1, 0, 0.5, 1e21, true, [], {}, [[]], '__proto__', 'R-1'),
  fc.json({ maxDepth: 2 }).map(text => JSON.parse(text) as unknown),
  fc.string(),
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

/** Something that would be understood, in which up to two things are not as they were. */
function twisted(sound: fc.Arbitrary<object>): fc.Arbitrary<string> {
  const change = fc.record({ at: fc.nat(), to: fc.oneof(anything, fc.constant(undefined)), name: maybe(fc.string()) })
  return fc.tuple(sound, fc.array(change, { maxLength: 2 })).map(([value, changes]) => {
    const copy = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
    for (const { at, to, name } of changes) {
      const places = placesOf(copy)
      const [holder, key] = places[at % places.length]!
      Object.defineProperty(holder, name ?? key, { value: to, enumerable: true, configurable: true, writable: true })
    }
    return JSON.stringify(copy)
  })
}

function placesOf(value: object): [holder: object, key: string][] {
  return Object.entries(value).flatMap(([key, inner]) => [
    [value, key] as [object, string],
    ...(typeof inner === 'object' && inner !== null ? placesOf(inner) : []),
  ])
}

const amount = fc.constantFrom('0', '1', '100.00', '9999.99', '10000', '20000.00', '-1', '1.005', 100)
const order = fc
  .record({
    orderNo: fc.constantFrom('R-1', 'R-2', 'R-4', 'R-5', 'R-6'),
    process: maybe(fc.constantFrom('sales', 'purchase', 'return', 'nothing')),
    price: amount,
    quantity: fc.constantFrom(1, 2, 0, 1.5, 1e9),
    attributes: maybe(fc.dictionary(fc.string(), anything, { maxKeys: 2 })),
  })
  .map(({ price, quantity, ...more }) =>
    orderRequest({ ...more, lines: [{ sku: 'chair', quantity, unitPrice: price }] }),
  )
const step = fc.constantFrom('approval', 'payment', 'stock', 'shipment', 'signing', 'nowhere')
const command = fc.record({
  type: fc.constantFrom(...commandTypes),
  step: maybe(step),
  to: maybe(fc.oneof(step, person)),
  hold: maybe(fc.constantFrom('credit', 'customer', 'fraud')),
  reason: maybe(fc.string({ maxLength: 20 })),
  expectedSeq: maybe(fc.constantFrom(0, 1, 5, 999)),
  id: maybe(fc.constantFrom('c-1', 'c-2')),
})
const fact = fc.record({
  id: fc.constantFrom('f-1', 'f-2', 'f-3'),
  source: fc.constantFrom('carrier', 'bank'),
  type: fc.constantFrom(...Object.keys(standardFacts), 'nothing.known'),
  at: fc.constantFrom('2026-03-02T01:00:00Z', '0000-01-01T00:00:00Z', 'yesterday'),
  data: fc.record({ parcel: maybe(fc.string({ maxLength: 5 })), amount: maybe(amount) }, { requiredKeys: [] }),
})
const key = fc.record({ person: person, note: maybe(fc.string({ maxLength: 5 })) })
const query = fc
  .dictionary(
    fc.constantFrom('status', 'owner', 'overdue', 'limit', 'cursor', 'since', 'mine', 'minSeq', 'kind', 'dryRun', 'x'),
    fc.oneof(fc.constantFrom('true', 'open', 'in_transit', '0', '1', '201', '2026-03-02T02:00:00Z'), fc.string()),
    { maxKeys: 2 },
  )
  .map(given => new URLSearchParams(given).toString())

const bulk = fc.record({
  command: command.map(({ id: _id, expectedSeq: _seq, ...asked }) => asked),
  selection: fc.record(
    { orderNos: maybe(fc.array(orderNo, { minLength: 1, maxLength: 3 })), status: maybe(fc.constant('in_transit')) },
    { requiredKeys: [] },
  ),
  dryRun: maybe(fc.boolean()),
  perSecond: maybe(fc.constantFrom(0, 1, 50, 51)),
})

type Ask = Pick<RandomRequest, 'method' | 'path' | 'body'>
const reads: fc.Arbitrary<Ask> = fc
  .tuple(
    fc.constantFrom('', '/journal', '/why'),
    orderNo,
    fc.constantFrom(
      '/api/orders',
      '/api/tasks',
      '/api/exceptions',
      '/api/board',
      '/api/processes',
      '/api/keys',
      '/api/bulk',
      '',
    ),
    query,
  )
  .map(([under, no, list, asked]) => ({
    method: 'GET' as const,
    path: `${list === '' ? `/api/orders/${no}${under}` : list}?${asked}`,
    body: undefined,
  }))
const writes: fc.Arbitrary<Ask> = fc.oneof(
  twisted(order).map(body => ({ method: 'POST' as const, path: '/api/orders', body })),
  fc.tuple(orderNo, twisted(command), fc.boolean()).map(([no, body, dry]) => ({
    method: 'POST' as const,
    path: `/api/orders/${no}/commands${dry ? '?dryRun=true' : ''}`,
    body,
  })),
  fc
    .tuple(orderNo, twisted(fact))
    .map(([no, body]) => ({ method: 'POST' as const, path: `/api/orders/${no}/facts`, body })),
  // As it should be, so that something comes of it.
  fc.tuple(fc.constantFrom('R-1', 'R-2', 'R-3'), fact).map(([no, body]) => ({
    method: 'POST' as const,
    path: `/api/orders/${no}/facts`,
    body: JSON.stringify({ ...body, at: '2026-03-02T01:00:00Z', type: 'supplier.delayed', data: {} }),
  })),
  twisted(bulk).map(body => ({ method: 'POST' as const, path: '/api/bulk', body })),
  anything.map(id => ({
    method: 'POST' as const,
    path: `/api/bulk/${inPath(id)}x/cancel`,
    body: undefined,
  })),
  twisted(key).map(body => ({ method: 'POST' as const, path: '/api/keys', body })),
  anything.map(id => ({
    method: 'DELETE' as const,
    path: `/api/keys/${inPath(id)}x`,
    body: undefined,
  })),
)
const request: fc.Arbitrary<RandomRequest> = fc
  .tuple(fc.oneof({ arbitrary: writes, weight: 3 }, { arbitrary: reads, weight: 1 }), person, maybe(orderNo))
  .map(([ask, as, idempotency]) => ({ ...ask, as, key: idempotency }))

describe('random requests', () => {
  let api: RunningApi
  let paths: Record<string, Record<string, { responses: Json }>>
  before(async () => {
    api = await runApi()
    paths = openApiDocument(api.routes).paths as typeof paths
    for (const [no, total] of [
      ['R-1', '100.00'],
      ['R-2', '20000.00'],
      ['R-3', '20000.00'],
    ]) {
      await api.post('/api/orders', orderRequest({ orderNo: no, total: total! }))
    }
  })
  after(() => api.close())

  async function send({ method, path, as, key: idempotency, body }: RandomRequest): Promise<Reply> {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer demo-${as}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(idempotency === undefined ? {} : { 'Idempotency-Key': idempotency }),
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    return { status: response.status, body: JSON.parse(text), headers: response.headers }
  }

  /** Everything that is kept of the organisation, but who tried what. */
  async function everything(): Promise<string> {
    const { organisation, store, orders } = api
    const all = { organisation, limit: 1000, now: monday }
    const { items } = await store.listOrders(all)
    const journals = await Promise.all(items.map(({ orderNo: no }) => store.readJournal(organisation, no)))
    const states = await Promise.all(items.map(({ orderNo: no }) => orders.state({ organisation, orderNo: no })))
    const seqs = states.map(state => state?.seq)
    return JSON.stringify([
      items,
      journals,
      seqs,
      (await store.listExceptions(all)).items,
      (await store.listApiKeys(all)).items,
      (await store.listBulks(all)).items,
      await store.listDefinitions(organisation),
    ])
  }

  function documented({ method, path }: RandomRequest): Json | undefined {
    const plain = path.split('?')[0]!
    for (const [template, operations] of Object.entries(paths)) {
      const form = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
      if (form.test(plain)) return operations[method.toLowerCase()]?.responses
    }
    return
  }

  it('[I] are never answered with 500, nor otherwise than the document says, and refused ones change nothing', async function () {
    this.timeout(120_000)
    let refused = 0
    let done = 0
    let before = await everything()
    await fc.assert(
      fc.asyncProperty(request, async asked => {
        const { status, body, headers } = await send(asked)
        const said = `${asked.method} ${asked.path} as ${asked.as}: ${asked.body}\n${status} ${JSON.stringify(body)}`
        assert.ok(status < 500, said)
        const answers = documented(asked)
        assert.ok(answers === undefined || Object.hasOwn(answers, status), `not in the document: ${said}`)
        if (status >= 400) {
          assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, said)
          assert.ok(body.code && body.detail && body.status === status, said)
        }
        const now = await everything()
        // A number that is asked for again with other content is told of in an exception.
        const isToldOf = body.code === 'order_conflict'
        if (isToldOf) refused += 1
        else if (status >= 400 || asked.method === 'GET' || asked.path.includes('dryRun=true')) {
          refused += 1
          assert.equal(now, before, `changed something: ${said}`)
        } else done += 1
        before = now
      }),
      { numRuns: runs, ...(process.env.NOLIMBO_FUZZ_SEED && { seed: Number(process.env.NOLIMBO_FUZZ_SEED) }) },
    )
    assert.ok(refused > runs / 4 && done > 0, `${refused} refused, ${done} done: what is asked is too poor`)
    assert.deepEqual(
      api.logged.filter(({ code }) => code === 'internal'),
      [],
    )
  })
})
