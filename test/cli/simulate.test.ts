import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../../', import.meta.url).pathname

function simulate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/main.ts', 'simulate', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

const silent = `
process: silent
version: 1
title: { en: Silent, zh: 无声 }
owner: zhao
calendar: wall-clock
flow: none
steps:
  - { id: look, kind: task, status: pending_payment, owner: zhao, ladder: [{ after: 2h, remind: owner }, { after: 9d, fallback: cancel }] }
`

describe('nolimbo simulate', () => {
  it('[E] says how orders ended, which rungs fired and whether the bound held, the same for the same seed', () => {
    const [one, other] = [1, 2].map(() => simulate('sales', '--orders', '150', '--seed', '3', '--json'))
    assert.equal(one!.status, 0, one!.stderr)
    const { ordersPerSecond, ...report } = JSON.parse(one!.stdout)
    assert.ok(ordersPerSecond > 0)
    const { ordersPerSecond: _, ...again } = JSON.parse(other!.stdout)
    assert.deepEqual(again, report)
    assert.equal(report.orders, 150)
    assert.ok(report.rungs['approval 1 remind'] > 0)
    assert.match(simulate('processes/sales.yaml', '--orders', '20').stdout, /the silence bound held; every sum adds up/)
  })

  it('[E] exits with 1 where the bound does not hold', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nolimbo-'))
    try {
      writeFileSync(join(folder, 'silent.yaml'), silent)
      const { status, stdout } = simulate(join(folder, 'silent.yaml'), '--orders', '60')
      assert.match(stdout, /the silence bound was broken \d+ times/)
      assert.equal(status, 1)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('[E] exits with 2 where it does not know what to do', () => {
    for (const args of [[], ['no-such-process'], ['sales', '--orders', 'many'], ['sales', '--what']]) {
      const { status, stderr } = simulate(...args)
      assert.equal(status, 2)
      assert.ok(stderr.length > 0)
    }
  })
})
