import assert from 'node:assert/strict'
import fc from 'fast-check'
import { currencies, exponentOf } from '../../../domain/money/currencies.ts'
import { moneyText, parseMoney, sumMinor, toDecimal, toMinor } from '../../../domain/money/money.ts'

const minorOf = (amount: string | number, exponent = 2, options = {}) => {
  const result = toMinor(amount, exponent, options)
  return result.ok ? result.minor : result.reason
}

describe('[U] money', () => {
  it('is read from decimal text and from numbers', () => {
    assert.equal(minorOf('10000.00'), 1_000_000)
    assert.equal(minorOf('10000'), 1_000_000)
    assert.equal(minorOf('0.5'), 50)
    assert.equal(minorOf(12.5), 1250)
    assert.equal(minorOf(1.1), 110)
    assert.equal(minorOf(4.35), 435)
    assert.equal(minorOf(1.005, 3), 1005)
    assert.equal(minorOf(0), 0)
    assert.equal(minorOf('500', 0), 500)
    assert.equal(minorOf('90071992547409.91'), Number.MAX_SAFE_INTEGER)
  })

  for (const amount of [
    '1e5',
    ' 1',
    '1 ',
    '+1',
    '',
    '.',
    '1.',
    '.5',
    '1,5',
    '0x10',
    '١',
    'NaN',
    '--1',
    '1.-5',
    '1\n',
  ]) {
    it(`is not ${JSON.stringify(amount)}`, () => assert.match(String(minorOf(amount)), /is written like/))
  }
  for (const amount of [Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7]) {
    it(`is not the number ${amount}`, () => assert.match(String(minorOf(amount)), /is written like/))
  }

  it('has no more decimals than its currency', () => {
    assert.match(String(minorOf('1.005')), /at most 2 decimals/)
    assert.match(String(minorOf('1.000')), /at most 2 decimals/)
    assert.match(String(minorOf(0.1 + 0.2)), /at most 2 decimals/)
    assert.match(String(minorOf('1.0', 0)), /no decimals/)
  })

  it('is not negative unless that is allowed', () => {
    assert.match(String(minorOf('-1.00')), /negative/)
    assert.match(String(minorOf(-1)), /negative/)
    assert.equal(minorOf('-1.00', 2, { negative: true }), -100)
    assert.ok(Object.is(minorOf('-0.00'), 0))
  })

  it('is counted exactly or refused', () => {
    for (const amount of ['90071992547409.92', '9007199254740993', '1'.repeat(400), 1e20]) {
      assert.match(String(minorOf(amount)), /cannot be counted exactly/)
    }
  })

  it('is written with all digits of its currency', () => {
    assert.equal(toDecimal(1_000_000, 2), '10000.00')
    assert.equal(toDecimal(5, 2), '0.05')
    assert.equal(toDecimal(-5, 2), '-0.05')
    assert.equal(toDecimal(-120, 0), '-120')
    assert.equal(toDecimal(0, 3), '0.000')
    assert.equal(moneyText({ minor: 1_200_000, currency: 'CNY', exponent: 2 }), '12000.00 CNY')
  })

  it('is read with its currency', () => {
    assert.deepEqual(parseMoney('10000.00 CNY'), {
      ok: true,
      money: { minor: 1_000_000, currency: 'CNY', exponent: 2 },
    })
    assert.deepEqual(parseMoney('500 JPY'), { ok: true, money: { minor: 500, currency: 'JPY', exponent: 0 } })
    for (const text of [
      '10000',
      'CNY',
      ' CNY',
      '10000  CNY',
      '10000 cny',
      '1 XYZ',
      'CNY 10',
      '10000.001 CNY',
      '-1 CNY',
      '10000 CNY ',
      '',
    ]) {
      assert.equal(parseMoney(text).ok, false, text)
    }
  })

  it('comes back as it was written, in every currency', () => {
    const minor = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(minor, fc.constantFrom(...currencies), (amount, currency) => {
        const exponent = exponentOf(currency)
        const text = toDecimal(amount, exponent)
        assert.equal(minorOf(text, exponent, { negative: true }), amount)
        const parsed = parseMoney(`${text} ${currency}`)
        assert.equal(parsed.ok, amount >= 0)
        if (parsed.ok) assert.equal(moneyText(parsed.money), `${text} ${currency}`)
      }),
    )
  })

  it('read from a number is the number rounded to its own digits, never a unit off', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), fc.integer({ min: 0, max: 4 }), (minor, exponent) => {
        assert.equal(minorOf(Number(toDecimal(minor, exponent)), exponent), minor)
      }),
    )
  })

  it('adds up exactly or not at all', () => {
    assert.equal(sumMinor([]), 0)
    assert.equal(sumMinor([1, 2, -5]), -2)
    assert.equal(sumMinor([Number.MAX_SAFE_INTEGER, 1]), undefined)
    assert.equal(sumMinor([Number.MAX_SAFE_INTEGER, 1, -2]), undefined)
    assert.equal(sumMinor([0.5]), undefined)
    const amount = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 6 }), amounts => {
        const sum = sumMinor(amounts)
        if (sum !== undefined)
          assert.equal(
            BigInt(sum),
            amounts.reduce((total, value) => total + BigInt(value), 0n),
          )
      }),
    )
  })
})
