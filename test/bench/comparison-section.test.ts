import assert from 'node:assert/strict'
import type { Measured } from '../../bench/floor/compare.ts'
import { comparisonSection, type Setting } from '../../bench/floor/comparison-section.ts'

const setting = (title: string): Setting => ({
  title,
  command: `bench ${title}`,
  server: 'a server',
  store: 'a store',
  extent: { rounds: 1, orders: 2, atOnce: 1 },
})

const measured = (name: string, events: number, cpuMs: number): Measured => ({
  name,
  cost: { events, tasks: 6, actions: 7, bytes: 1000 },
  throughput: [2, 4, 3],
  latencyMs: [10, 20, 30],
  cpu: [{ worker: cpuMs, server: cpuMs, database: 0 }],
  clientCalls: 4,
})

const floor = measured('floor', 36, 10)

describe('the comparison with the floor', () => {
  it('[U] holds each against the first', () => {
    const { text } = comparisonSection(setting('Here'), [floor, measured('other', 45, 15)])
    assert.match(text, /\| other \| 1\.25 \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.50 \|/)
    assert.match(text, /\| other \| 3\.0 \(2\.0 to 4\.0\) \| 20 \| 30 \| 30 \| 15 \| 15 \| 0 \|/)
  })
})
