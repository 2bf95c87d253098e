import assert from 'node:assert/strict'
import type { Measured } from '../../bench/floor/compare.ts'
import { benchmarksPage, type Setting } from '../../bench/floor/page.ts'

const setting = (title: string): Setting => ({
  title,
  command: `bench ${title}`,
  server: 'a server',
  store: 'a store',
  sdk: 'an SDK',
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

describe('the page of benchmarks', () => {
  it('[U] holds each against the first', () => {
    const page = benchmarksPage('', setting('Here'), [floor, measured('other', 45, 15)])
    assert.match(page, /\| other \| 1\.25 \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.00 \| 1\.50 \|/)
    assert.match(page, /\| other \| 3\.0 \(2\.0 to 4\.0\) \| 20 \| 30 \| 30 \| 15 \| 15 \| 0 \|/)
  })

  it('[U] keeps what was measured elsewhere, and replaces what was measured here before', () => {
    const here = benchmarksPage('', setting('Here'), [floor])
    const both = benchmarksPage(here, setting('There'), [floor])
    const again = benchmarksPage(both, setting('Here'), [{ ...floor, clientCalls: 99 }])
    assert.deepEqual(again.match(/^## .*/gm), ['## Here', '## There'])
    assert.equal(again.match(/99\.0/g)?.length, 1)
    assert.equal(benchmarksPage(again, setting('Here'), [floor]), both)
  })
})
