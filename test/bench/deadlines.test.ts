import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { whyNoPostgres } from '../postgres-server.ts'

const root = join(import.meta.dirname, '../..')
const deadlines = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['bench/deadlines.ts', ...args], { cwd: root, encoding: 'utf8' })

describe('the bench of deadlines', function () {
  this.timeout(180_000)

  it('[E] fires every rung of the orders that fall due while there is no worker, and tells each owner once', function () {
    if (whyNoPostgres() !== null) this.skip()
    const args = ['--orders', '15', '--seconds', '2', '--lead', '20', '--worker-down']
    const { status, stdout, stderr } = deadlines(...args)
    assert.equal(status, 0, `${stdout}${stderr}`)
    assert.match(stdout, /\| rungs that fired \| 15 of 15; 0 missed \|/)
    assert.match(stdout, /\| owners not told exactly once \| 0 \|/)
    assert.match(stdout, /\| from its start until all had fired \| [\d.]+ s \|/)
  })

  it('[E] says how it is used', () => {
    assert.equal(deadlines('--orders', 'many').status, 2)
  })
})
