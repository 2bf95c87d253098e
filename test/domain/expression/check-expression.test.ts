import assert from 'node:assert/strict'
import { checkExpression, type ExpressionKind } from '../../../domain/expression/expression.ts'

const flawOf = (text: string, kind?: ExpressionKind) => {
  const result = checkExpression(text, kind)
  return result.ok ? { reason: 'none', position: undefined } : result
}

describe('[U] the check of an expression', () => {
  const sound = [
    'true',
    'atLeast(order.total, "10000.00 CNY")',
    'lessThan(order.total, "500 JPY") || order.lineCount > 3',
    'order.units >= 10 && order.customer.attributes.tier == "gold"',
    'has(order.attributes.channel) && order.attributes.channel == "web"',
    'order.lines.exists(line, line.quantity > 10 && atLeast(line.unitPrice, "100 CNY"))',
    'order.lines.all(line, order.lines.exists(other, other.sku == line.sku))',
    'order.lines.exists(line, has(line.sku))',
    'order.lines.filter(line, line.sku.startsWith("A")).size() > 1',
    'type(order.attributes.priority) == double && order.attributes.priority > 1.0',
    'order.attributes["delivery date"] == "2026-12-01"',
    'order.currency in ["CNY", "USD"]',
    '"rush" in order.attributes ? order.attributes.rush == true : false',
  ]
  for (const text of sound) it(`takes ${text}`, () => assert.deepEqual(checkExpression(text), { ok: true }))

  const permissions = [
    'step.mine',
    'actor.id != placedBy',
    '"finance" in actor.roles',
    'step.id == "approval" || step.owner == actor.id',
  ]
  for (const text of permissions) {
    it(`takes ${text} in a permission condition only`, () => {
      assert.deepEqual(checkExpression(text, 'permission'), { ok: true })
      assert.match(flawOf(text, 'entry').reason, /known only in permission conditions/)
    })
  }

  const refused: [string, RegExp, number?][] = [
    ['order.totl == "x"', /order has no field "totl"; it has orderNo, .*total.*, lines$/, 6],
    ['order["totl"] == "x"', /order has no field "totl"/],
    ['order.lines.exists(l, l.skuu == "A")', /line has no field "skuu"; it has sku, quantity, unitPrice/, 24],
    ['has(order.totl)', /order has no field "totl"/],
    ['has(order.customer.nam)', /customer has no field "nam"/],
    ['order.lines.exists(l, has(l.skuu))', /line has no field "skuu"/],
    ['ordr.total == "x"', /"ordr" is not known here; known are order$/, 0],
    ['order.lineCount + 1', /gives int, not true or false/],
    ['order.attributes.rush', /compare it, as in/],
    ['order.total > 10000', /money has no fields or operators: compare it as in atLeast/],
    ['order.total == order.total', /money has no fields or operators/],
    ['order.total.minor > 1', /money has no fields or operators/],
    ['atLeast(order.total, 10000)', /no matching overload/],
    ['atLeast(order.total, "10000")', /in atLeast: money is written like "10000.00 CNY"/, 21],
    ['atLeast(order.total, "10000.001 CNY")', /in atLeast: this currency has at most 2 decimals/],
    ['lessThan(order.total, "10000 RMB")', /in lessThan: "RMB" is not a currency/, 22],
    ['order.lineCount == "3"', /no such overload: int == string/],
    ['timestamp("2026-01-01T00:00:00Z") == timestamp(0)', /knows no time/, 0],
    ['duration("1h") == duration("60m")', /knows no time/, 0],
    ['order.attributes.due.getHours("Asia/Shanghai") > 9', /knows no time/],
    ['google.protobuf.Timestamp == int', /"google" is not available/],
    ['cel.bind(x, 1, x == 1)', /"bind" is not available/],
    ['order.attributes.note.matches("(a+)+$")', /"matches" is not available; there are atLeast/],
    ['dyn(order.total) == 5', /"dyn" is not available/],
    ['bytes("x").json() == {}', /is not available/],
    ['now() > 1', /"now" is not available/],
    ['order.lines.all(a, order.lines.all(b, order.lines.all(c, a.sku == c.sku)))', /at most 2 of all, exists/],
    ['order.lineCount >', /Unexpected token/, 17],
    ['', /./, 0],
    [`${'!'.repeat(60)}true`, /./],
    [Array.from({ length: 300 }, () => 'true').join(' && '), /[Ee]xceeded/],
  ]
  for (const [text, reason, position] of refused) {
    it(`refuses ${text.slice(0, 80)}`, () => {
      const flaw = flawOf(text)
      assert.match(flaw.reason, reason)
      if (position !== undefined) assert.equal(flaw.position, position)
    })
  }

  it('refuses what needs an actor in an entry condition, and says so', () => {
    assert.deepEqual(checkExpression('actor.id == "mei"'), {
      ok: false,
      reason: '"actor" is known only in permission conditions',
      position: 0,
    })
  })
})
