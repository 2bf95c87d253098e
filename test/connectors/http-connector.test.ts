import assert from 'node:assert/strict'
import { TransientError } from '../../connectors/connector.ts'
import { connectorsDescription } from '../../connectors/description.ts'
import { HttpConnector } from '../../connectors/http-connector.ts'
import type { CallOutcome } from '../../domain/call.ts'
import { fullRequest } from './call-request.ts'
import { FakeSystem, type Reply } from './fake-system.ts'

const operation = { method: 'POST', path: '/do/{orderNo}', idempotency: 'key' }
const of = (name: string) => `\${${name}}`

describe('connectors: http', () => {
  let system: FakeSystem
  beforeEach(async () => {
    system = new FakeSystem()
    await system.start()
  })
  afterEach(() => system.stop())

  interface Setup {
    readonly operation?: object
    readonly connector?: object
    readonly signal?: AbortSignal
    readonly attempt?: number
    readonly replies?: Reply[]
    readonly url?: string
  }

  function call(setup: Setup = {}): Promise<CallOutcome> {
    if (setup.replies) system.replies = setup.replies
    const { connectors } = connectorsDescription.parse({
      connectors: {
        erp: {
          baseUrl: setup.url ?? system.url,
          ...setup.connector,
          operations: { 'test.do': { ...operation, ...setup.operation } },
        },
      },
    })
    const signal = setup.signal ?? new AbortController().signal
    return new HttpConnector(connectors.erp!).call(fullRequest, signal, setup.attempt ?? 1)
  }

  const isTransient = (certainty: string) => (error: unknown) =>
    error instanceof TransientError && error.certainty === certainty

  it('[I] method, path, body, headers: go out as described, the key as a header', async () => {
    const outcome = await call({
      operation: { method: 'PUT', body: { amount: of('amount'), none: of('attributes.none') } },
      connector: { headers: { authorization: 'Bearer x' } },
    })
    assert.deepEqual(outcome, { ok: true, result: {} })
    const [asked] = system.asked
    assert.deepEqual([asked?.method, asked?.path, asked?.body], ['PUT', '/do/S-1', { amount: '120.05' }])
    assert.equal(asked?.headers['idempotency-key'], 'main/S-1/pay/2')
    assert.equal(asked?.headers.authorization, 'Bearer x')
    assert.equal(asked?.headers['content-type'], 'application/json')
  })

  it('[I] result: what was done comes back, money in minor units', async () => {
    const lines = [{ line: 1, sku: 'TEA', quantity: 2 }]
    const answer = {
      data: { id: 77, paid: '99.5' },
      done: [{ lines: [{ ...lines[0], bin: 'A4' }] }],
      boxes: [{ id: 'P-9', lines }],
    }
    const outcome = await call({
      operation: { result: { reference: 'data.id', amount: 'data.paid', lines: 'done.0.lines', parcels: 'boxes' } },
      replies: [{ status: 201, body: answer }],
    })
    const result = { reference: '77', amountMinor: 9950, lines, parcels: [{ id: 'P-9', lines }] }
    assert.deepEqual(outcome, { ok: true, result })
  })

  it('[I] result: more zeros than the currency has digits are no more money', async () => {
    const amounts = ['100', 100, '100.0', '100.0000', '100.5000', '100.05', '0.0000', '1000']
    const minors: unknown[] = []
    for (const amount of amounts) {
      const result = { amount: 'amount' }
      const outcome = await call({ operation: { result }, replies: [{ status: 200, body: { amount } }] })
      minors.push(outcome.ok && outcome.result.amountMinor)
    }
    assert.deepEqual(minors, [10_000, 10_000, 10_000, 10_000, 10_050, 10_005, 0, 100_000])
  })

  const misunderstood: [string, object, unknown][] = [
    ['is not there', { lines: 'lines' }, {}],
    ['has more digits than the currency', { amount: 'amount' }, { amount: '1.005' }],
    ['is no amount', { amount: 'amount' }, { amount: 'all' }],
    ['is of another shape', { parcels: 'parcels' }, { parcels: ['P-1'] }],
    ['is not even JSON', { reference: 'reference' }, '<html>'],
  ]
  for (const [what, result, body] of misunderstood) {
    it(`[I] result: when it ${what}, nobody knows what was done`, async () => {
      const outcome = await call({ operation: { result }, replies: [{ status: 200, body }] })
      assert.ok(!outcome.ok)
      assert.deepEqual([outcome.code, outcome.certainty], ['answer_not_understood', 'unknown'])
    })
  }

  it('[I] ok: only these statuses mean done', async () => {
    const ok = { operation: { ok: [200, 404] } }
    assert.equal((await call({ ...ok, replies: [{ status: 404 }] })).ok, true)
    const other = await call({ ...ok, replies: [{ status: 202 }] })
    assert.deepEqual(!other.ok && [other.code, other.certainty], ['unexpected_202', 'unknown'])
    assert.equal((await call({ replies: [{ status: 202 }] })).ok, true)
  })

  it('[I] permanent: these statuses mean not done, and why', async () => {
    const outcome = await call({
      operation: { permanent: { 409: 'out_of_stock', 503: 'closed' } },
      replies: [{ status: 409, body: 'no tea' }],
    })
    assert.deepEqual(outcome, { ok: false, code: 'out_of_stock', message: '409 no tea', certainty: 'not_done' })
    const closed = await call({ operation: { permanent: { 503: 'closed' } }, replies: [{ status: 503 }] })
    assert.deepEqual(!closed.ok && closed.code, 'closed')
  })

  it("[I] error, codes: the system's own code becomes ours, and goes before the status", async () => {
    const connector = { error: { code: 'error.no', message: 'error.text' }, codes: { '17': 'card_refused' } }
    const withStatus = { permanent: { 402: 'refused' } }
    const reply = (no: number) => [{ status: 402, body: { error: { no, text: 'sorry' } } }]
    assert.deepEqual(await call({ connector, operation: withStatus, replies: reply(17) }), {
      ok: false,
      code: 'card_refused',
      message: 'sorry',
      certainty: 'not_done',
    })
    const unlisted = await call({ connector, operation: withStatus, replies: reply(18) })
    assert.equal(!unlisted.ok && unlisted.code, 'refused')
  })

  it('[I] a refusal that nobody foresaw is no proof that nothing was done', async () => {
    for (const status of [400, 409, 301]) {
      const outcome = await call({ replies: [{ status }] })
      assert.deepEqual(!outcome.ok && [outcome.code, outcome.certainty], [`unexpected_${status}`, 'unknown'])
    }
    assert.equal(system.asked.length, 3, 'a redirect is not followed')
  })

  it('[I] 429 and 5xx are tried again', async () => {
    for (const [status, certainty] of [
      [429, 'not_done'],
      [500, 'unknown'],
      [503, 'unknown'],
      [408, 'unknown'],
    ] as const) {
      await assert.rejects(call({ replies: [{ status }] }), isTransient(certainty))
    }
  })

  it('[I] timeout: no answer in time is tried again, and may have been done', async () => {
    const timedOut = call({ connector: { timeout: '50ms' }, replies: ['silence'] })
    await assert.rejects(timedOut, /no answer within 50 ms/)
    await assert.rejects(timedOut, isTransient('unknown'))
  })

  it('[I] a connection that breaks may have been done; one that was never made was not', async () => {
    await assert.rejects(call({ replies: ['hang up'] }), isTransient('unknown'))
    const { url } = system
    await system.stop()
    await assert.rejects(call({ url }), isTransient('not_done'))
    await system.start()
  })

  it('[I] abort: ends at once with its reason, before or after it was sent', async () => {
    const reason = new Error('no longer wanted')
    await assert.rejects(call({ signal: AbortSignal.abort(reason) }), reason)
    assert.equal(system.asked.length, 0)
    const abort = new AbortController()
    const pending = call({ signal: abort.signal, replies: ['silence'] })
    await system.nextAsked()
    abort.abort(reason)
    await assert.rejects(pending, reason)
  })

  it('[I] what its address or its text needs and the call does not have: not sent', async () => {
    const outcome = await call({ operation: { path: '/do/{attributes.none}' } })
    assert.deepEqual(!outcome.ok && [outcome.code, outcome.certainty], ['missing_input', 'not_done'])
    assert.equal(system.asked.length, 0)
  })

  describe('idempotency: lookup', () => {
    const lookup = {
      idempotency: 'lookup',
      lookup: { method: 'GET', path: '/done/{key}' },
      result: { reference: 'id' },
      permanent: { 410: 'gone' },
    }
    const done = { ok: true, result: { reference: 'r' } }

    it('[I] done before: its result, and not again', async () => {
      assert.deepEqual(
        await call({ operation: lookup, attempt: 2, replies: [{ status: 200, body: { id: 'r' } }] }),
        done,
      )
      assert.deepEqual(
        system.asked.map(({ method, path }) => `${method} ${path}`),
        ['GET /done/main%2FS-1%2Fpay%2F2'],
      )
    })

    it('[I] not done: done now, without a key in the header', async () => {
      for (const attempt of [1, 2]) {
        system.asked.length = 0
        const replies = [{ status: 404 }, { status: 200, body: { id: 'r' } }]
        assert.deepEqual(await call({ operation: lookup, attempt, replies }), done)
        assert.deepEqual(
          system.asked.map(({ method }) => method),
          ['GET', 'POST'],
        )
        assert.equal(system.asked[1]?.headers['idempotency-key'], undefined)
      }
    })

    it('[I] as long as the lookup does not say, it is not done', async () => {
      await assert.rejects(call({ operation: lookup, replies: [{ status: 500 }] }), isTransient('unknown'))
      const gone = await call({ operation: lookup, replies: [{ status: 410 }] })
      assert.equal(!gone.ok && gone.code, 'gone')
      assert.deepEqual([...new Set(system.asked.map(({ method }) => method))], ['GET'])
    })
  })

  describe('idempotency: none', () => {
    const none = { idempotency: 'none' }
    const code = (outcome: CallOutcome) => !outcome.ok && `${outcome.code} ${outcome.certainty}`

    it('[I] is done without a key in the header', async () => {
      assert.deepEqual(await call({ operation: none }), { ok: true, result: {} })
      assert.equal(system.asked[0]?.headers['idempotency-key'], undefined)
    })

    it('[I] what may have been done has an unknown outcome, and is not tried again', async () => {
      for (const reply of ['hang up', 'silence', { status: 500 }] as const) {
        const outcome = await call({ operation: none, connector: { timeout: '50ms' }, replies: [reply] })
        assert.equal(code(outcome), 'outcome_unknown unknown')
      }
      system.asked.length = 0
      assert.equal(code(await call({ operation: none, attempt: 2 })), 'outcome_unknown unknown')
      assert.equal(system.asked.length, 0)
    })

    it('[I] aborted after it was sent, it may have been done', async () => {
      const abort = new AbortController()
      const pending = call({ operation: none, signal: abort.signal, replies: ['silence'] })
      await system.nextAsked()
      abort.abort()
      assert.equal(code(await pending), 'outcome_unknown unknown')
      await assert.rejects(call({ operation: none, signal: abort.signal }), { name: 'AbortError' })
    })

    it('[I] what was never sent was not done', async () => {
      assert.equal(code(await call({ operation: none, replies: [{ status: 429 }] })), 'unavailable not_done')
      const { url } = system
      await system.stop()
      assert.equal(code(await call({ operation: none, url })), 'unavailable not_done')
      await system.start()
    })
  })
})
