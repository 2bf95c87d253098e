import assert from 'node:assert/strict'
import fc from 'fast-check'
import { evaluate, explain } from '../../../domain/expression/expression.ts'
import { asked, contextOf } from './orders.ts'

const verdict = (text: string, changes = {}, rest = {}) => {
  const result = evaluate(text, contextOf(changes, rest))
  return result.ok ? result.value : result.reason
}

describe('[U] an expression', () => {
  const truths: [string, boolean][] = [
    ['atLeast(order.total, "12000.00 CNY")', true],
    ['atLeast(order.total, "12000.01 CNY")', false],
    ['lessThan(order.total, "12000.01 CNY")', true],
    ['lessThan(order.total, "12000.00 CNY")', false],
    ['order.lineCount == 2 && order.units == 6', true],
    ['order.orderNo == "SO-1001" && order.organisation == "main" && order.currency == "CNY"', true],
    ['order.lines.exists(line, line.quantity > 3 && atLeast(line.unitPrice, "2500 CNY"))', true],
    ['order.lines.all(line, line.quantity > 3)', false],
    ['order.lines[1].sku == "LAMP"', true],
    ['order.lines.map(line, line.sku) == ["CHAIR", "LAMP"]', true],
    ['order.customer.id == "C-7" && order.customer.attributes.tier == "gold"', true],
    ['order.attributes.priority == 2 && order.attributes.priority > 1.5', true],
    ['order.attributes.rush == true && order.attributes.note == null', true],
    ['"gift" in order.attributes.tags', true],
    ['has(order.attributes.nothing)', false],
    ['order.attributes["delivery date"].startsWith("2026")', true],
    ['has(order.attributes.nothing) && order.attributes.nothing > 3', false],
  ]
  for (const [text, value] of truths) it(`${text} is ${value}`, () => assert.equal(verdict(text), value))

  it('knows who asks in a permission condition', () => {
    assert.equal(verdict('actor.id != placedBy', {}, asked), true)
    assert.equal(verdict('"sales" in actor.roles && !("finance" in actor.roles)', {}, asked), true)
    assert.equal(
      verdict('step.mine && step.id == "approval" && step.owner == "role:sales-supervisor"', {}, asked),
      true,
    )
  })

  it('takes what is said of a customer beside id and name for attributes', () => {
    const customer = { id: 'C-8', name: 'Globex', tier: 'silver' }
    assert.equal(verdict('order.customer.attributes.tier == "silver"', { customer }), true)
  })

  it('counts another currency as reached, whichever way it asks', () => {
    assert.equal(verdict('atLeast(order.total, "99999999 USD")'), true)
    assert.equal(verdict('lessThan(order.total, "99999999 USD")'), false)
  })

  it('compares amounts whose exponents differ by their value', () => {
    assert.equal(verdict('atLeast(order.total, "12 CNY")', { exponent: 3, totalMinor: 12_000 }), true)
    assert.equal(verdict('atLeast(order.total, "12.01 CNY")', { exponent: 3, totalMinor: 12_000 }), false)
  })

  it('compares money exactly, however large', () => {
    const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(amount, amount, (total, threshold) => {
        const text = `${Math.floor(threshold / 100)}.${String(threshold % 100).padStart(2, '0')} CNY`
        assert.equal(verdict(`atLeast(order.total, "${text}")`, { totalMinor: total }), total >= threshold)
        assert.equal(verdict(`lessThan(order.total, "${text}")`, { totalMinor: total }), total < threshold)
      }),
    )
  })

  const failures: [string, RegExp][] = [
    ['order.attributes.nothing == 1', /No such key: nothing/],
    ['order.attributes.channel > 3', /no such overload/],
    ['order.attributes.channel.nested == 3', /No such key: nested/],
    ['order.lines[7].sku == "A"', /out of bounds/],
    ['atLeast(order.total, order.attributes.channel)', /money is written like "10000.00 CNY"/],
    ['atLeast(order.attributes.priority, "1 CNY")', /no matching overload/],
    ['order.units / 0 == 1', /division by zero/],
    ['actor.id == "mei"', /known only in permission conditions/],
    ['step.mine', /known only in permission conditions/],
    ['order.totl == 1', /order has no field "totl"/],
    ['order.units', /gives int, not true or false/],
    ['timestamp(0) == timestamp(0)', /knows no time/],
    ['order.', /Expected/],
  ]
  for (const [text, reason] of failures) {
    it(`${text} fails as a value`, () => {
      const result = evaluate(text, contextOf())
      assert.ok(!result.ok)
      assert.match(result.reason, reason)
      assert.doesNotMatch(result.reason, /\n/)
    })
  }

  it('fails as a value for a context that is not as it should be', () => {
    const lines = [{ sku: 'A', quantity: 1.5, unitPriceMinor: 1 }]
    assert.equal(evaluate('order.units > 1', contextOf({ lines })).ok, false)
    assert.equal(evaluate('order.attributes.x == 1', contextOf({ attributes: { constructor: 5, x: 1 } })).ok, false)
  })

  it('reads nothing from prototypes', () => {
    for (const name of ['toString', 'hasOwnProperty']) {
      assert.equal(verdict(`has(order.attributes.${name})`), false)
      assert.equal(verdict(`"${name}" in order.attributes`), false)
    }
  })

  it('gives plain JSON whatever it looked at', () => {
    for (const [text] of [...truths, ...failures]) {
      const result = evaluate(text, contextOf())
      assert.deepEqual(JSON.parse(JSON.stringify(result)), result)
      const explained = explain(text, contextOf())
      assert.deepEqual(JSON.parse(JSON.stringify(explained)), explained)
    }
  })

  it('goes on when more texts have been evaluated than are kept', () => {
    for (let i = 0; i < 1200; i++) assert.equal(verdict(`order.units == ${i}`), i === 6)
  })

  it('does not mix up one order with the next', () => {
    const text = 'order.lines.exists(line, line.sku == "CHAIR")'
    assert.equal(verdict(text), true)
    assert.equal(verdict(text, { lines: [] }), false)
    assert.equal(verdict(text), true)
  })
})

describe('[U] the explanation of an expression', () => {
  const values = (text: string, rest = {}) => explain(text, contextOf({}, rest)).values

  it('names each thing it looked at with its value', () => {
    assert.deepEqual(
      values('atLeast(order.total, "10000.00 CNY") && order.units > 3 || order.attributes.rush == true'),
      {
        'order.total': '12000.00 CNY',
        'order.units': '6',
        'order.attributes.rush': 'true',
      },
    )
    assert.deepEqual(
      values('order.customer.attributes.tier.startsWith("g") && order.attributes["delivery date"] != ""'),
      {
        'order.customer.attributes.tier': 'gold',
        'order.attributes["delivery date"]': '2026-12-01',
      },
    )
    assert.deepEqual(values('order.lines[0].quantity > 3 && order.attributes.note == null'), {
      'order.lines[0].quantity': '4',
      'order.attributes.note': 'null',
    })
    assert.deepEqual(values('actor.id == placedBy || "sales" in actor.roles || step.mine', asked), {
      'actor.id': 'mei',
      placedBy: 'sun',
      'actor.roles': 'sales-supervisor, sales',
      'step.mine': 'true',
    })
  })

  it('names the list, not the name a loop gives to its items', () => {
    assert.deepEqual(values('order.lines.exists(line, line.sku == order.attributes.channel)'), {
      'order.lines': '4 x CHAIR, 2 x LAMP',
      'order.attributes.channel': 'web',
    })
    assert.deepEqual(values('order.lines.all(order, order.sku != "")'), { 'order.lines': '4 x CHAIR, 2 x LAMP' })
  })

  it('says what is missing', () => {
    assert.deepEqual(values('has(order.attributes.a.b) || actor.id == "mei"'), {
      'order.attributes.a.b': '(missing)',
      'actor.id': '(missing)',
    })
    assert.deepEqual(values('has(order.attributes.toString)'), { 'order.attributes.toString': '(missing)' })
  })

  it('is short, and empty for an expression that is not sound', () => {
    const { values: long } = explain(
      'order.attributes.text != ""',
      contextOf({ attributes: { text: 'x'.repeat(1000) } }),
    )
    assert.equal(long['order.attributes.text']!.length, 200)
    assert.deepEqual(values('order.totl > 3'), {})
  })
})
