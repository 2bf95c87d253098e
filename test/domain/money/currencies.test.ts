import assert from 'node:assert/strict'
import { currencies, exponentOf, isCurrency } from '../../../domain/money/currencies.ts'

describe('[U] currencies', () => {
  it('are those of ISO 4217 with minor units, each once', () => {
    assert.equal(currencies.length, 165)
    assert.equal(new Set(currencies).size, 165)
    assert.ok(currencies.every(code => /^[A-Z]{3}$/.test(code)))
  })

  it('know their decimals', () => {
    const known = { CNY: 2, EUR: 2, BRL: 2, USD: 2, JPY: 0, KRW: 0, KWD: 3, TND: 3, CLF: 4 }
    for (const [code, exponent] of Object.entries(known)) assert.equal(exponentOf(code), exponent, code)
  })

  it('are refused if they are unknown, withdrawn, without minor units or not written in capitals', () => {
    for (const code of ['XYZ', 'RMB', 'HRK', 'BGN', 'XAU', 'XXX', 'cny', '', 'toString', '__proto__']) {
      assert.equal(isCurrency(code), false, code)
      assert.throws(() => exponentOf(code), RangeError)
    }
  })
})
