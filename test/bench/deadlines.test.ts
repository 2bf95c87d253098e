import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

describe('the bench of deadlines', function () {
  this.timeout(180_000)

  it('[E] fires every rung of 200 orders that fall due within five seconds', () => {
    const args = ['bench/deadlines.ts', '--orders', '200', '--seconds', '5', '--lead', '60']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    assert.equal(status, 0, `${stdout}${stderr}`)
    assert.match(stdout, /200 fired within 5 s of deadlines, 0 missed/)
    assert.match(stdout, /lag p50 \d+ ms, p99 \d+ ms/)
  })

  it('[E] says how it is used', () => {
    const { status } = spawnSync(process.execPath, ['bench/deadlines.ts', '--orders', 'many'], { cwd: root })
    assert.equal(status, 2)
  })
})
