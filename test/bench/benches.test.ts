import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { daysOfWaiting } from '../../bench/waiting/days-of-waiting.ts'
import { whyNoPostgres } from '../postgres-server.ts'

const root = join(import.meta.dirname, '../..')
const run = (file: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [`bench/${file}.ts`, ...args], { cwd: root, encoding: 'utf8' })

describe('the benches of processes of their own', function () {
  this.timeout(400_000)

  it('[U] let the ladders of the sales process say what a day of waiting holds', () => {
    const approval = daysOfWaiting('approval')
    assert.equal(approval.rungs, 3)
    assert.ok(approval.days > 2 && approval.days < 5, `${approval.days}`)
    const signing = daysOfWaiting('signing')
    assert.equal(signing.rungs, 2)
    assert.ok(signing.days >= 10, `${signing.days}`)
  })

  it('[E] say how they are used', () => {
    assert.equal(run('waiting', '--orders', 'many').status, 2)
    assert.equal(run('soak', '--minutes', '0').status, 2)
    assert.equal(run('low-load', '--server', 'none').status, 2)
    assert.equal(run('deadlines', '--orders', 'many').status, 2)
  })

  // They take a minute or two each.
  if (process.env.NOLIMBO_BENCHES !== '1') return

  describe('run whole', () => {
    before(function () {
      if (whyNoPostgres() !== null) this.skip()
    })

    it('[E] measure orders that wait, kill the worker, and see every order act and every rung fire', () => {
      const { status, stdout, stderr } = run('waiting', '--orders', '20', '--sample', '3', '--idle', '2')
      assert.equal(status, 0, `${stdout}${stderr}`)
      assert.match(stdout, /\| approval \| [\d.]+ \| 3 \| 13 \| 4 \|/)
      assert.match(stdout, /waiting for delivery: 3 of 3/)
      assert.match(stdout, /3 of 3 fired, each told once/)
    })

    it('[E] fire every rung of orders that fall due while there is no worker, and tell each owner once', () => {
      const args = ['--orders', '15', '--seconds', '2', '--lead', '20', '--worker-down']
      const { status, stdout, stderr } = run('deadlines', ...args)
      assert.equal(status, 0, `${stdout}${stderr}`)
      assert.match(stdout, /\| rungs that fired \| 15 of 15; 0 missed \|/)
      assert.match(stdout, /\| owners not told exactly once \| 0 \|/)
      assert.match(stdout, /\| from its start until all had fired \| [\d.]+ s \|/)
    })

    it('[E] bring every order of a steady load to its end', () => {
      const { status, stdout, stderr } = run('soak', '--minutes', '0.5', '--rate', '0.5')
      assert.equal(status, 0, `${stdout}${stderr}`)
      assert.match(stdout, /too short to say what grows\*\*; (\d+) of \1 orders completed, 0 failures/)
      assert.match(stdout, /\| workflows: heap \| [\d.]+ MB/)
    })

    it('[E] hold what a caller feels against the bare SDK calls', () => {
      const { status, stdout, stderr } = run('low-load', '--server', 'start', '--calls', '2')
      assert.equal(status, 0, `${stdout}${stderr}`)
      assert.match(stdout, /\| nolimbo \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \|/)
    })
  })
})
