import assert from 'node:assert/strict'
import type { Response } from 'express'
import { rates } from '../../../api/http/rates.ts'

const response = { setHeader: () => {} } as unknown as Response

describe('limits of pace', () => {
  it('[U] count an IPv6 network as one, and addresses of IPv4 each by itself', () => {
    const { countAddress } = rates({ perIdentity: 1, perAddress: 1 }, () => new Date(0))
    const refused = (address: string) => {
      try {
        countAddress(address, response)
        return false
      } catch {
        return true
      }
    }
    assert.deepEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1'].map(refused), [false, false, true])
    assert.deepEqual(['::ffff:10.0.0.3', '::ffff:10.0.0.4'].map(refused), [false, false])
    assert.deepEqual(['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:2:3:4:5:6'].map(refused), [
      false,
      true,
      true,
    ])
    assert.deepEqual(['2001:db8:1:3::1', '2001:db8::1', '2001:db8::2', '::1'].map(refused), [false, false, true, false])
  })

  it('[U] keep no more than so many counts, whoever comes', () => {
    const { countAddress } = rates({ perIdentity: 1, perAddress: 10 }, () => new Date(0))
    const from = (index: number) => countAddress(`${index}`, response)
    for (let index = 0; index < 100_010; index += 1) from(index)
    assert.throws(() => from(200_000), { code: 'too_many_requests' })
    from(1)
  })

  it('[U] go on when the clock is set back', () => {
    let now = 1_000_000_000
    const { countAddress } = rates({ perIdentity: 1, perAddress: 1 }, () => new Date(now))
    countAddress('a', response)
    now -= 3_600_000
    countAddress('a', response)
    assert.throws(() => countAddress('a', response), { code: 'too_many_requests' })
  })
})
