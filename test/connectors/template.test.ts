import assert from 'node:assert/strict'
import { fillBody, fillPath, MissingInputError, unknownInBody, unknownInPath } from '../../connectors/template.ts'
import { fullRequest, requestOf } from './call-request.ts'

/** A placeholder as a body has it. */
const of = (name: string) => `\${${name}}`

describe('connectors: template', () => {
  const { input } = fullRequest
  const values: Record<string, unknown> = {
    operation: 'test.do',
    key: 'main/S-1/pay/2',
    organisation: 'main',
    orderNo: 'S-1',
    step: 'pay',
    round: 2,
    currency: 'CNY',
    amount: '120.05',
    lines: input.lines,
    parcels: input.parcels,
    'customer.id': 'c/7',
    'customer.name': 'Li 李',
    'attributes.gift': true,
    'attributes.notes.door': 'red',
  }
  for (const [name, value] of Object.entries(values)) {
    it(`[U] ${name} keeps its type when it is the whole value`, () => {
      assert.deepEqual(fillBody({ a: [of(name)], b: { c: of(name) } }, fullRequest), { a: [value], b: { c: value } })
      assert.deepEqual(unknownInBody({ a: [of(name)] }), [])
    })
  }

  it('[U] within a text it becomes text; what is no placeholder stays as it is', () => {
    const template = { a: `${of('orderNo')}, round ${of('round')}`, b: 5, c: null, d: true, e: '{orderNo} $orderNo' }
    assert.deepEqual(fillBody(template, fullRequest), { ...template, a: 'S-1, round 2' })
  })

  it('[U] a key whose value the call does not have is left out; a text that needs it cannot be made', () => {
    const template = { amount: of('amount'), standalone: of('attributes.standalone'), deep: of('attributes.gift.x') }
    assert.deepEqual(fillBody(template, requestOf('test.do')), {})
    assert.throws(() => fillBody({ a: `for ${of('currency')}` }, requestOf('test.do')), MissingInputError)
    assert.throws(() => fillBody({ a: `for ${of('lines')}` }, fullRequest), MissingInputError)
  })

  it('[U] money leaves as a decimal string with all digits of its currency', () => {
    const amount = (amountMinor: number, exponent: number) =>
      fillBody({ amount: of('amount') }, requestOf('test.do', { amountMinor, exponent }))
    assert.deepEqual(
      [amount(5, 2), amount(12_000, 2), amount(7, 0), amount(1, 3), amount(9_007_199_254_740_991, 2)],
      ['0.05', '120.00', '7', '0.001', '90071992547409.91'].map(text => ({ amount: text })),
    )
    assert.throws(() => fillBody({ a: of('amount') }, requestOf('test.do', { amountMinor: 5 })), MissingInputError)
  })

  it('[U] what every object has by itself is no value', () => {
    assert.deepEqual(fillBody({ a: of('attributes.constructor'), b: of('attributes.__proto__') }, fullRequest), {})
  })

  it('[U] paths are escaped, and cannot be led elsewhere', () => {
    assert.equal(fillPath('/a/{key}?c={customer.name}', fullRequest), '/a/main%2FS-1%2Fpay%2F2?c=Li%20%E6%9D%8E')
    assert.throws(() => fillPath('/a/{attributes.up}', fullRequest), MissingInputError)
    assert.throws(() => fillPath('/a/{attributes.none}', fullRequest), MissingInputError)
  })

  it('[U] finds placeholders that no call has', () => {
    assert.deepEqual(
      unknownInBody({ a: [of('amont')], b: { c: `x ${of('customer')} ${of('key')}` }, d: of('attributes.') }),
      ['amont', 'customer', 'attributes.'],
    )
    assert.deepEqual(unknownInPath('/{order}/{key}'), ['order'])
  })
})
