/*
 * The currencies of ISO 4217, table one as published on 2026-01-01, with how many decimal digits each has (its
 * exponent). Precious metals, bond-market units and test codes have none and are left out.
 */

const codes: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY ' +
    'COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS ' +
    'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR ' +
    'MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
    'STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}

const exponents: ReadonlyMap<string, number> = new Map(
  Object.entries(codes).flatMap(([exponent, list]) => list.split(' ').map(code => [code, Number(exponent)] as const)),
)

export const currencies: readonly string[] = [...exponents.keys()].sort()

export function isCurrency(code: string): boolean {
  return exponents.has(code)
}

/**
 * The decimal digits of a currency: 2 for CNY, 0 for JPY, 3 for KWD.
 * @throws RangeError if `isCurrency` says that it is none.
 */
export function exponentOf(code: string): number {
  const exponent = exponents.get(code)
  if (exponent === undefined) throw new RangeError(`not a currency of ISO 4217: ${code}`)
  return exponent
}
