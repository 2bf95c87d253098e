import assert from 'node:assert/strict'
import { quietHoursSchema, quietUntil } from '../../../domain/notice/quiet-hours.ts'

describe('quiet hours', () => {
  const night = { from: '22:00', to: '08:00' }

  it('[U] end in the time zone of the person, the next morning where they go over midnight', () => {
    // 22:30 and 07:59 in Shanghai.
    assert.equal(quietUntil(night, '2026-03-02T14:30:00.000Z', 'Asia/Shanghai'), '2026-03-03T00:00:00.000Z')
    assert.equal(quietUntil(night, '2026-03-02T23:59:59.000Z', 'Asia/Shanghai'), '2026-03-03T00:00:00.000Z')
    assert.equal(quietUntil(night, '2026-03-03T00:00:00.000Z', 'Asia/Shanghai'), null)
    assert.equal(quietUntil(night, '2026-03-02T13:59:59.000Z', 'Asia/Shanghai'), null)
    const own = { ...night, timeZone: 'America/New_York' }
    assert.equal(quietUntil(own, '2026-03-02T14:30:00.000Z', 'Asia/Shanghai'), null)
    assert.equal(quietUntil(own, '2026-03-02T03:30:00.000Z', 'Asia/Shanghai'), '2026-03-02T13:00:00.000Z')
    const noon = { from: '12:00', to: '13:30' }
    assert.equal(quietUntil(noon, '2026-03-02T12:15:20.000Z', 'UTC'), '2026-03-02T13:30:00.000Z')
  })

  it('[U] are half a day at most, and written as times of day', () => {
    const flaw = (value: unknown) => quietHoursSchema.safeParse(value).error?.issues[0]?.message
    assert.equal(flaw(night), undefined)
    assert.equal(flaw({ from: '08:00', to: '22:00' }), 'quiet hours are 12 hours at most')
    assert.equal(flaw({ from: '08:00', to: '08:00' }), 'quiet hours are 12 hours at most')
    assert.match(flaw({ from: '24:00', to: '08:00' })!, /written like/)
    assert.match(flaw({ ...night, timeZone: 'Mars/Olympus' })!, /time zone is named like/)
  })
})
