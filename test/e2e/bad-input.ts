import assert from 'node:assert/strict'
import type { RunningNolimbo } from './running-nolimbo.ts'
import { command, journal, orderRequest, place, report, until, view } from './shop.ts'

type Row = readonly [what: string, expected: string, ask: () => Promise<{ status: number; body: { code?: string } }>]

/** Each with its own code, and none of them an error of ours. */
export async function refuseBadInput(nolimbo: RunningNolimbo): Promise<void> {
  assert.equal((await place(nolimbo, 'bad-small')).status, 201)
  assert.equal((await place(nolimbo, 'bad-large', 'large')).status, 201)
  assert.equal((await place(nolimbo, 'bad-closed', 'large')).status, 201)
  assert.equal((await command(nolimbo, 'mei', 'bad-closed', 'reject')).status, 200)
  await until('bad-closed is closed', 20_000, async () => (await view(nolimbo, 'bad-closed')).status === 'cancelled')
  const post = (body: unknown, headers?: Record<string, string>) =>
    nolimbo.ask('shop', 'POST', '/api/orders', body, headers)
  const order = (changes: object) => post(orderRequest('bad-new', 'small', changes))
  const line = (changes: object) => order({ lines: [{ sku: 'chair', quantity: 1, unitPrice: '1.00', ...changes }] })
  const of = (person: string, orderNo: string, body: object) =>
    nolimbo.ask(person, 'POST', `/api/orders/${orderNo}/commands`, body)

  const rows: readonly Row[] = [
    ['no JSON', '400 malformed_json', () => post('{"orderNo": ')],
    ['no body', '400 malformed_json', () => post('')],
    ['a list', '422 invalid', () => post('[]')],
    ['over a megabyte', '413 too_large', () => post(JSON.stringify({ long: 'x'.repeat(1_100_000) }))],
    ['no JSON type', '415 unsupported_media_type', () => post('a=1', { 'content-type': 'text/plain' })],
    ['negative quantity', '422 invalid', () => line({ quantity: -1 })],
    ['no quantity', '422 invalid', () => line({ quantity: 0 })],
    ['fraction of a unit', '422 invalid', () => line({ quantity: 1.5 })],
    ['quantity as a text', '422 invalid', () => line({ quantity: '1' })],
    ['too many digits', '422 invalid', () => line({ unitPrice: '45.505' })],
    ['negative price', '422 invalid', () => line({ unitPrice: '-1.00' })],
    ['no number', '422 invalid', () => line({ unitPrice: '1e3' })],
    ['a total beyond counting', '422 invalid', () => line({ quantity: 1_000_000_000, unitPrice: '99999999999.00' })],
    ['no lines', '422 invalid', () => order({ lines: [] })],
    ['no such currency', '422 invalid', () => order({ currency: 'ABC' })],
    ['no such process', '422 unknown_process', () => order({ process: 'nothing' })],
    ['an unknown field', '422 invalid', () => order({ colour: 'red' })],
    ...['', '../etc', 'a/b', 'a b', '订单', 'x'.repeat(65), 7].map(
      orderNo => [`order number ${orderNo}`, '422 invalid', () => order({ orderNo })] as const,
    ),
    ['other content', '409 order_conflict', () => post(orderRequest('bad-small', 'large'))],
    ['no such command', '422 invalid', () => of('mei', 'bad-large', { type: 'explode' })],
    ['wrong status', '409 not_applicable', () => of('ling', 'bad-large', { type: 'retry' })],
    ['closed', '409 closed', () => of('he', 'bad-closed', { type: 'cancel' })],
    ['old seq', '409 stale', () => of('mei', 'bad-large', { type: 'approve', expectedSeq: 1 })],
    ['not hers', '403 not_permitted', () => of('sun', 'bad-large', { type: 'approve' })],
    [
      'an auditor changes nothing',
      '403 not_permitted',
      () => nolimbo.ask('qin', 'POST', '/api/orders', orderRequest('bad-new')),
    ],
    ['command to no order', '404 not_found', () => of('mei', 'bad-none', { type: 'approve' })],
    ['no order', '404 not_found', () => nolimbo.ask('qin', 'GET', '/api/orders/bad-none')],
    ['no order number', '404 not_found', () => nolimbo.ask('qin', 'GET', '/api/orders/%00%2e%2e%2fetc')],
    ['half a percent sign', '400 malformed_request', () => nolimbo.ask('qin', 'GET', '/api/orders/%E0%A4%A')],
    ['no such page', '404 not_found', () => nolimbo.ask('qin', 'GET', '/api/nothing')],
    ['no such method', '405 method_not_allowed', () => nolimbo.ask('shop', 'DELETE', '/api/orders/bad-small')],
    ['a limit of minus one', '422 invalid', () => nolimbo.ask('qin', 'GET', '/api/orders?limit=-1')],
    ['no such cursor', '422 invalid', () => nolimbo.ask('qin', 'GET', '/api/orders?cursor=x')],
    ['a stranger', '401 unauthenticated', () => nolimbo.ask('nobody', 'GET', '/api/orders')],
    ['no key', '401 unauthenticated', () => nolimbo.ask('', 'GET', '/api/orders', undefined, { authorization: '' })],
    ['no such fact', '422 invalid', () => report(nolimbo, 'bad-small', 'Not A Fact')],
  ]
  const answers = []
  for (const [what, , ask] of rows) {
    const { status, body } = await ask()
    answers.push(`${what}: ${status} ${body.code}`)
  }
  assert.deepEqual(
    answers,
    rows.map(([what, expected]) => `${what}: ${expected}`),
  )
  assert.equal((await nolimbo.ask('qin', 'GET', '/api/orders/bad-new')).status, 404, 'something was placed after all')
}

/** A parcel may be reported before its order is. */
export async function keepEarlyFact(nolimbo: RunningNolimbo): Promise<void> {
  const early = () => report(nolimbo, 'early-1', 'customer.cancelled')
  for (const reply of [await early(), await early()]) {
    assert.deepEqual([reply.status, reply.body.state], [202, 'parked'])
  }
  assert.equal((await place(nolimbo, 'early-1', 'large')).status, 201)
  await until('the fact has reached its order', 20_000, async () => {
    return (await view(nolimbo, 'early-1')).status === 'cancelled'
  })
  const reply = await early()
  assert.deepEqual([reply.status, reply.body.state], [202, 'taken'])
  const events = await journal(nolimbo, 'early-1')
  assert.equal(events.filter(event => event.type === 'fact.received').length, 1)
}
